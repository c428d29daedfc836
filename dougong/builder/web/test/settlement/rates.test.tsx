/** The rates of foreign currencies in their grid: typed, pasted from a spreadsheet, taken away. */
import { act, cleanup, fireEvent, screen } from '@testing-library/react';
import { afterEach, beforeEach, expect, test } from 'vitest';

import { editor } from '../../src/builder/settlement';
import { setExchange } from '../../src/builder/settlement/edits/rates';
import type { Settlement } from '../../src/builder/settlement/types';
import { drawn } from '../drawn';
import { fieldType, MODELS, REBATE } from './a-settlement';

const VOCABULARY = { models: MODELS, fields: [fieldType('text'), fieldType('record'), fieldType('choice'), fieldType('region'), fieldType('money', { kind: 'number' }), fieldType('date')] };
const RATES = { ...REBATE, exchange: { currency: 'currency', amounts: ['amount'], rates: [{ uid: 'r1', from: 'USD', to: 'CNY', day: '2026-10-01', rate: '7.1' }] } } as unknown as Settlement;

beforeEach(() => document.documentElement.setAttribute('lang', 'en'));
afterEach(cleanup);

const cell = (col: string) => document.querySelector<HTMLElement>(`td[data-row="r1"][data-col="${col}"]`)!;
const terms = () => fireEvent.mouseDown(screen.getAllByRole('tab').find((one) => one.textContent?.startsWith('Terms'))!, { button: 0 });

function pasted(at: HTMLElement, text: string): void {
  fireEvent.pointerDown(at);
  at.focus();
  const paste = Object.assign(new Event('paste', { bubbles: true, cancelable: true }), { clipboardData: { getData: () => text } });
  act(() => void document.dispatchEvent(paste));
}

test('rates are pasted from a spreadsheet; what is none is told', () => {
  const { store } = drawn(editor, RATES, { vocabulary: VOCABULARY });
  terms();
  pasted(cell('=from'), 'usd\tCNY\t2026/10/1\t7.12\t\nJPY\tCNY\t2026-10-02\t4.75\t100\nCNX\tCNY\t2026-13-01\t-3\t7');
  const [first, second, third] = store.getState().draft.exchange!.rates!;
  expect(first).toEqual({ uid: 'r1', from: 'USD', to: 'CNY', day: '2026-10-01', rate: '7.12', per: '1' });
  expect(second).toMatchObject({ from: 'JPY', to: 'CNY', day: '2026-10-02', rate: '4.75', per: '100' });
  expect(third).toMatchObject({ to: 'CNY', rate: '1' });
  expect(screen.getByText(/Not understood and left as they were: 4 \(row 3, From “CNX”/)).toBeTruthy();
  act(() => store.verbs.undo());
  expect(store.getState().draft).toEqual(RATES);
});

test('a rate is added like the last one, and taken away; without a column of the currency there are none', () => {
  const { store } = drawn(editor, RATES, { vocabulary: VOCABULARY });
  terms();
  fireEvent.click(screen.getByRole('button', { name: 'Add a rate' }));
  expect(store.getState().draft.exchange!.rates![1]).toMatchObject({ from: 'USD', to: 'CNY', day: '2026-10-01', rate: '1' });
  cleanup();
  drawn(editor, REBATE, { vocabulary: VOCABULARY });
  terms();
  expect(screen.queryByText('Add a rate')).toBeNull();
});

test('the exchange is whole from the first choice on, and gone without a column of the currency', () => {
  const money = REBATE.inputs.filter((one) => one.type === 'money').map((one) => one.key);
  const chosen = setExchange(REBATE, { currency: 'currency' });
  expect(chosen.exchange).toEqual({ currency: 'currency', amounts: money, rates: [] });
  expect(money.length).toBeGreaterThan(0);
  expect(setExchange(RATES, { ...RATES.exchange, amounts: ['paid'] }).exchange?.amounts).toEqual(['paid']);
  expect('exchange' in setExchange(RATES, { ...RATES.exchange, currency: undefined } as object)).toBe(false);
});
