/** The calendar editor, drawn: the week, the picture, the list, the import. */
import { act, cleanup, fireEvent, screen, within } from '@testing-library/react';
import { afterEach, beforeEach, expect, test } from 'vitest';

import { editor } from '../../src/builder/calendar';
import { drawn } from '../drawn';
import { OFFICE } from './a-calendar';

beforeEach(() => document.documentElement.setAttribute('lang', 'en'));
afterEach(cleanup);

const day = (date: string) => document.querySelector<HTMLElement>(`[data-date="${date}"]`)!;

function at2026(): void {
  const by = new Date().getFullYear() - 2026;
  for (let step = 0; step < Math.abs(by); step++) fireEvent.click(screen.getByRole('button', { name: by > 0 ? 'Previous year' : 'Next year' }));
}

test('the picture says what each day is, in words too', () => {
  drawn(editor, OFFICE, { vocabulary: {} });
  at2026();
  expect(day('2026-02-16').dataset['state']).toBe('holiday');
  expect(day('2026-02-14').title).toBe('2026-02-14 · Sat · Make-up day · 09:00–12:00, 13:30–18:00');
  expect(document.querySelectorAll('[data-date]')).toHaveLength(365);
});

test('a click makes a day off; the list has it, and can make it a day like another', () => {
  const { store } = drawn(editor, OFFICE, { vocabulary: {} });
  at2026();
  fireEvent.click(day('2026-06-01'));
  expect(store.getState().draft.dates?.at(-1)?.from).toBe('2026-06-01');
  fireEvent.change(screen.getByLabelText('2026-06-01: That day'), { target: { value: 'own' } });
  const hours = screen.getByLabelText('2026-06-01: Hours of its own');
  fireEvent.change(hours, { target: { value: '10:00-11:00, x' } });
  fireEvent.blur(hours);
  expect(screen.getByText(/Write it like/)).toBeTruthy();
  fireEvent.change(hours, { target: { value: '10:00-11:00' } });
  fireEvent.blur(hours);
  expect(store.getState().draft.dates?.at(-1)?.shifts).toMatchObject([{ from: '10:00', to: '11:00' }]);
});

test('the week is ticked', () => {
  const { store } = drawn(editor, OFFICE, { vocabulary: {} });
  fireEvent.click(screen.getByLabelText('Shift 09:00–12:00: Sat'));
  expect(store.getState().draft.shifts[0]?.days).toEqual([1, 2, 3, 4, 5, 6]);
  const to = screen.getByLabelText('Shift 13:30–18:00: To');
  fireEvent.change(to, { target: { value: '0:00' } });
  fireEvent.blur(to);
  expect(store.getState().draft.shifts[1]?.to).toBe('24:00');
});

test('a pasted notice is shown before it is taken', () => {
  const { store } = drawn(editor, OFFICE, { vocabulary: {} });
  fireEvent.click(screen.getByRole('button', { name: 'Import a year' }));
  const dialog = within(screen.getByRole('dialog'));
  fireEvent.change(dialog.getByLabelText('What to import'), { target: { value: '2027年：\n一、元旦：1月1日至3日放假，共3天。1月4日上班。' } });
  expect(dialog.getByText('2027-01-01 – 2027-01-03')).toBeTruthy();
  fireEvent.click(dialog.getByRole('button', { name: 'Import 2 rows' }));
  expect(store.getState().draft.years).toEqual({ from: 2026, to: 2027 });
  expect(day('2027-01-02').dataset['state']).toBe('holiday');
});

test('a problem stands at its row, and an old version cannot be changed', () => {
  const problem = { code: 'x', params: {}, severity: 'error' as const, nodes: [], edges: [], fields: ['up'], path: '/dates/1', message: 'Twice.', advice: '' };
  const { store, unmount } = drawn(editor, OFFICE, { vocabulary: {}, problems: [problem] });
  at2026();
  act(() => store.verbs.select([{ group: 'dates', uid: 'up' }]));
  expect(screen.getByText(/Twice/).closest('li')?.dataset['selected']).toBe('true');
  unmount();
  drawn(editor, OFFICE, { vocabulary: {}, readOnly: true });
  expect(screen.queryByRole('button', { name: 'Import a year' })).toBeNull();
  expect([...document.querySelectorAll<HTMLButtonElement>('[data-date]')].every((one) => one.disabled)).toBe(true);
});
