/** The table editor, drawn: cells that are typed into and opened, columns that are moved, a bench that answers. */
import { act, cleanup, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, expect, test } from 'vitest';

import { editor } from '../../src/builder/table';
import type { Table } from '../../src/builder/table/types';
import { drawn } from '../drawn';
import { DISPATCH, fieldType } from './a-table';

const OPERATORS = ['at_least', 'less', 'between', 'one_of', 'contains'].map((name) => ({ name, title: { en: name }, kinds: ['number', 'choice', 'text'], operand: name === 'between' ? ('two' as const) : name === 'one_of' ? ('many' as const) : ('one' as const), if_missing: false }));
const VOCABULARY = { operators: OPERATORS, fields: [fieldType('text'), fieldType('choice'), fieldType('money', { kind: 'number' })] };

beforeEach(() => document.documentElement.setAttribute('lang', 'en'));
afterEach(cleanup);

const cell = (row: string, col: string) => document.querySelector<HTMLElement>(`td[data-row="${row}"][data-col="${col}"]`)!;
const type = (row: string, col: string, text: string) => {
  fireEvent.pointerDown(cell(row, col));
  fireEvent.keyDown(cell(row, col), { key: text[0]! });
  const input = cell(row, col).querySelector('input')!;
  fireEvent.change(input, { target: { value: text } });
  fireEvent.keyDown(input, { key: 'Enter' });
};

test.each([['full', DISPATCH], ['bare', { ...DISPATCH, rules: [], default: undefined } as unknown as Table]])('it is drawn: %s', (_name, doc) => {
  drawn(editor, doc, { vocabulary: VOCABULARY });
  expect(screen.getAllByText('Hit policy')).toHaveLength(1);
  expect(screen.queryAllByText('[100, 500)')).toHaveLength(doc.rules.length ? 1 : 0);
});

test('an output is typed into its cell, of a rule and of the row for everything else; undo takes it back', () => {
  const { store } = drawn(editor, DISPATCH, { vocabulary: VOCABULARY });
  type('r1', 'fee', '=amount / 2');
  expect(store.getState().draft.rules[0]?.then['fee']).toEqual({ formula: 'amount / 2' });
  type('default', 'fee', '1.50');
  expect(store.getState().draft.default).toEqual({ fee: { value: '1.5' } });
  act(() => store.verbs.undo());
  act(() => store.verbs.undo());
  expect(store.getState().draft).toEqual(DISPATCH);
});

test('what is typed into a cell is kept before it is left, as one change; Escape takes it back', async () => {
  const { store } = drawn(editor, DISPATCH, { vocabulary: VOCABULARY });
  const begin = (text: string) => {
    fireEvent.pointerDown(cell('r1', 'fee'));
    fireEvent.keyDown(cell('r1', 'fee'), { key: text[0]! });
    const input = cell('r1', 'fee').querySelector('input')!;
    fireEvent.input(input, { target: { value: text } });
    return input;
  };
  const fee = () => store.getState().draft.rules[0]?.then['fee'];
  const before = fee();
  const input = begin('77');
  expect(fee()).toEqual({ value: '7' });
  await waitFor(() => expect(fee()).toEqual({ value: '77' }));
  fireEvent.keyDown(input, { key: 'Escape' });
  expect(fee()).toEqual(before);
  expect(store.getState().canUndo).toBe(false);

  fireEvent.keyDown(begin('88'), { key: 'Enter' });
  expect(fee()).toEqual({ value: '88' });
  act(() => store.verbs.undo());
  expect(store.getState().draft).toEqual(DISPATCH);

  fireEvent.keyDown(begin('9 x'), { key: 'Enter' }); // no amount: what stood there stands there again
  expect(fee()).toEqual(before);
});

test('a table from a spreadsheet is pasted into conditions and outputs at once', async () => {
  const { store } = drawn(editor, DISPATCH, { vocabulary: VOCABULARY });
  fireEvent.pointerDown(cell('r2', 'line'));
  cell('r2', 'line').focus();
  const paste = new Event('paste', { bubbles: true, cancelable: true });
  Object.assign(paste, { clipboardData: { getData: () => 'Washer\t>=500\t*leak*\t\t80\nAircon; Washer\t\t\t\t90' } });
  act(() => void document.dispatchEvent(paste));
  await waitFor(() => expect(store.getState().draft.rules).toHaveLength(3));
  const [, second, third] = store.getState().draft.rules;
  expect(second?.when).toEqual({ line: [{ operator: 'equals', value: 'washer' }], amount: [{ operator: 'at_least', value: '500' }], note: [{ operator: 'contains', value: 'leak' }] });
  expect(third).toMatchObject({ when: { line: [{ operator: 'one_of', value: ['aircon', 'washer'] }] }, then: { fee: { value: '90' } } });
});

test('whoever comes into the grid by Tab goes on with the arrows', async () => {
  drawn(editor, DISPATCH, { vocabulary: VOCABULARY });
  act(() => cell('r1', 'line').focus());
  fireEvent.keyDown(cell('r1', 'line'), { key: 'ArrowRight' });
  await waitFor(() => expect(document.activeElement).toBe(cell('r1', 'amount')));
});

test('Tab in the last cell keeps what was typed and stays there', async () => {
  drawn(editor, DISPATCH, { vocabulary: VOCABULARY });
  const last = [...document.querySelectorAll<HTMLElement>('td[data-row="r2"]')].at(-1)!;
  fireEvent.pointerDown(last);
  fireEvent.keyDown(last, { key: 'F2' });
  if (!last.querySelector('input')) fireEvent.keyDown(last, { key: '9' });
  fireEvent.keyDown(last.querySelector('input')!, { key: 'Tab' });
  await waitFor(() => expect((document.activeElement as HTMLElement).dataset['col']).toBe(last.dataset['col']));
});

test('what could not be read is told with its row, and how much lies beyond the last column', () => {
  drawn(editor, DISPATCH, { vocabulary: VOCABULARY });
  fireEvent.pointerDown(cell('r2', 'line'));
  cell('r2', 'line').focus();
  const paste = new Event('paste', { bubbles: true, cancelable: true });
  Object.assign(paste, { clipboardData: { getData: () => 'Kettle\t\t\t\t\tx\ty\t\nWasher\tmuch' } });
  act(() => void document.dispatchEvent(paste));
  expect(screen.getByText('Not understood and left as they were: 2 (row 2, Line “Kettle”, row 3, Amount “much”). Not pasted, beyond the last column: 1.')).toBeTruthy();
});

test('of five thousand pasted rows as many are taken as a table may have, as one change, and the rest is told', async () => {
  const { store } = drawn(editor, DISPATCH, { vocabulary: VOCABULARY });
  fireEvent.pointerDown(cell('r1', 'fee'));
  fireEvent.keyDown(cell('r1', 'fee'), { key: '7' }); // what is being typed gives way to the table
  const paste = new Event('paste', { bubbles: true, cancelable: true });
  Object.assign(paste, { clipboardData: { getData: () => Array.from({ length: 5000 }, (_, row) => `${row}`).join('\n') } });
  act(() => void document.dispatchEvent(paste));
  await waitFor(() => expect(store.getState().draft.rules).toHaveLength(2000));
  expect(store.getState().draft.rules.map((rule) => rule.then['fee'])).toEqual(Array.from({ length: 2000 }, (_, row) => ({ value: `${row}` })));
  expect(screen.getByText('There may be 2000 rows: 3000 were not pasted')).toBeTruthy();
  act(() => store.verbs.undo());
  expect(store.getState().draft).toEqual(DISPATCH);
}, 20_000);

test('a condition is built in the panel of its cell', () => {
  const { store } = drawn(editor, DISPATCH, { vocabulary: VOCABULARY });
  fireEvent.pointerDown(cell('r2', 'amount'));
  fireEvent.keyDown(cell('r2', 'amount'), { key: 'Enter' });
  fireEvent.click(within(screen.getByRole('dialog')).getByRole('button'));
  expect(store.getState().draft.rules[1]?.when['amount']).toEqual([{ operator: 'at_least' }]);
});

test('a condition is typed into its cell, also where its panel has opened at a click', () => {
  const { store } = drawn(editor, DISPATCH, { vocabulary: VOCABULARY });
  const amount = (row: number) => store.getState().draft.rules[row]?.when['amount'];
  type('r2', 'amount', '<500');
  expect(amount(1)).toEqual([{ operator: 'less', value: '500' }]);
  fireEvent.pointerDown(cell('r1', 'amount'));
  fireEvent.click(cell('r1', 'amount'));
  fireEvent.keyDown(within(screen.getByRole('dialog')).getAllByRole('button')[0]!, { key: '>' });
  expect(screen.queryByRole('dialog')).toBeNull();
  const input = cell('r1', 'amount').querySelector('input')!;
  fireEvent.change(input, { target: { value: '>=700' } });
  fireEvent.keyDown(input, { key: 'Enter' });
  expect(amount(0)).toEqual([{ operator: 'at_least', value: '700' }]);
});

test('a column is moved by the keyboard at its grip', () => {
  const { store } = drawn(editor, DISPATCH, { vocabulary: VOCABULARY });
  const grip = document.querySelector<HTMLElement>('thead [data-grip="note"]')!;
  fireEvent.keyDown(grip, { key: 'ArrowLeft', altKey: true });
  expect(store.getState().draft.inputs.map((one) => one.uid)).toEqual(['line', 'note', 'amount']);
});

test('the bench asks the server, tells what comes out and marks the rules that hit', async () => {
  const asked: unknown[] = [];
  const post = async (path: string, body: unknown) => {
    asked.push([path, (body as { values: unknown }).values]);
    return { problems: false, hits: ['r1'], values: { team: 'engineer', fee: '50.00' }, said: {} };
  };
  drawn(editor, DISPATCH, { vocabulary: VOCABULARY, post });
  fireEvent.change(screen.getByLabelText(/^Line/), { target: { value: 'aircon' } });
  await waitFor(() => expect(screen.getByText('50.00')).toBeTruthy());
  expect(asked).toEqual([['/decide', { line: 'aircon', amount: null, note: null }]]);
  expect(document.querySelector('tr[data-marked]')?.getAttribute('data-item')).toBe('r1');
});

test('the settings of a column are found in its menu’s place', () => {
  const { store } = drawn(editor, DISPATCH, { vocabulary: VOCABULARY });
  act(() => store.verbs.select([{ group: 'outputs', uid: 'fee' }]));
  expect(screen.getByDisplayValue('fee')).toBeTruthy();
  fireEvent.click(screen.getByText('Back to the bench'));
  expect(screen.getByText('Try it')).toBeTruthy();
});
