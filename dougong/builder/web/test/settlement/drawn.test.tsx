/** The settlement editor, drawn: cells that are typed into, opened, pasted; every table empty and full. */
import { act, cleanup, fireEvent, screen, within } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { useOpen } from '../../src/builder/context';
import { ProblemList } from '../../src/builder/ProblemsPanel';
import { editor } from '../../src/builder/settlement';
import type { Settlement } from '../../src/builder/settlement/types';
import type { Problem } from '../../src/core/types';
import { text } from '../documents';
import { drawn } from '../drawn';
import { fieldType, MODELS, REBATE } from './a-settlement';

const VOCABULARY = { models: MODELS, fields: [fieldType('text'), fieldType('record'), fieldType('choice'), fieldType('region'), fieldType('money', { kind: 'number' }), fieldType('date')] };
/** As the platform describes the settings behind the tables. */
const number = (title: string) => ({ $ref: 'dougong:common#/$defs/decimal', 'x-title': { en: title } });
const DESCRIBED = {
  charge: { type: 'object', properties: { max: number('At most'), bounds: { enum: ['from', 'upto'], default: 'from', 'x-title': { en: 'Bounds' }, 'x-options': { from: { en: 'From' }, upto: { en: 'Up to' } } } } },
  window: { properties: { over: { type: 'object', 'x-title': { en: 'Over' }, properties: { period: { enum: ['month'], 'x-title': { en: 'Period' }, 'x-options': { month: { en: 'Month' } } } } } } },
  share: { type: 'object', properties: { currency: { type: 'string', 'x-widget': 'sums', 'x-title': { en: 'Currency' } }, by: { 'x-widget': 'field', 'x-title': { en: 'Among' } } } },
  term: { type: 'object', properties: { per: { enum: ['statement', 'line'], 'x-title': { en: 'Taxed' }, 'x-options': { line: { en: 'A line' }, statement: { en: 'A statement' } } } } },
};
const TABS = ['Columns', 'Lines', 'Statements', 'Terms', 'Shares'];

beforeEach(() => document.documentElement.setAttribute('lang', 'en'));
Element.prototype.scrollIntoView ??= () => undefined;
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

const cell = (row: string, col: string) => document.querySelector<HTMLElement>(`td[data-row="${row}"][data-col="${col}"]`)!;
const open = (name: string) => {
  const tab = screen.getAllByRole('tab').find((one) => one.textContent?.startsWith(name))!;
  fireEvent.mouseDown(tab, { button: 0 });
};

test.each([['full', REBATE], ['bare', { ...REBATE, line: undefined, statement: undefined, terms: undefined, term_dimensions: undefined, shares: undefined, samples: undefined } as unknown as Settlement]])('every table is drawn: %s', (_name, doc) => {
  drawn(editor, doc, { vocabulary: VOCABULARY });
  for (const name of TABS) {
    open(name);
    expect(screen.getByRole('tabpanel').textContent?.length).toBeGreaterThan(20);
  }
});

test.each([[1440, 'true'], [390, 'false']])('the sample calculation stands open where there is room: %i', (width, open) => {
  vi.stubGlobal('innerWidth', width);
  drawn(editor, REBATE, { vocabulary: VOCABULARY });
  expect(screen.getByRole('button', { name: /Sample calculation/ }).getAttribute('aria-expanded')).toBe(open);
});

test('a figure is typed into its cell, with what a spreadsheet would understand', () => {
  const { store } = drawn(editor, REBATE, { vocabulary: VOCABULARY });
  fireEvent.pointerDown(cell('l2', '=amount'));
  fireEvent.keyDown(cell('l2', '=amount'), { key: '1' });
  const input = cell('l2', '=amount').querySelector('input')!;
  expect(input.value).toBe('1');
  fireEvent.change(input, { target: { value: '1.5万' } });
  fireEvent.keyDown(input, { key: 'Enter' });
  expect(store.getState().draft.line?.rules[1]?.charge.amount).toBe('15000');
  act(() => store.verbs.undo());
  expect(store.getState().draft.line?.rules[1]?.charge.amount).toBe('5');
});

test('the days of a rule are a column that one asks for, typed as a price list has them', async () => {
  const { store } = drawn(editor, REBATE, { vocabulary: VOCABULARY });
  const at = () => cell('l2', '=valid');
  expect(at()).toBeNull();
  fireEvent.keyDown(screen.getByRole('button', { name: /Add a dimension/ }), { key: 'Enter' });
  fireEvent.click(screen.getByRole('menuitem', { name: /Valid/ }));
  for (const [typed, days] of [['2026-10-01', { from: '2026-10-01' }], ['2026-10-01至2026-11-01', { from: '2026-10-01', below: '2026-11-01' }], ['任意', undefined]] as const) {
    await paste(at(), typed);
    expect(store.getState().draft.line?.rules[1]?.valid).toEqual(days);
  }
});

test('the column of days is there where a rule has some', () => {
  const rules = REBATE.line!.rules.map((rule, index) => (index ? rule : { ...rule, valid: { from: '2026-10-01' } }));
  drawn(editor, { ...REBATE, line: { ...REBATE.line!, rules } }, { vocabulary: VOCABULARY });
  expect([cell('l1', '=valid').textContent, cell('l2', '=valid').textContent]).toEqual(['from 2026-10-01', 'Any']);
});

test('a problem of a tier, which has no name, says of which rule it is', () => {
  const problem = { code: 'check.no_open_end', severity: 'error', message: 'x', advice: '', path: '/statement/rules/0/charge/tiers/2', nodes: [], edges: [], fields: ['r1', 't3'] } as unknown as Problem;
  const doc = { ...REBATE, statement: { ...REBATE.statement!, rules: REBATE.statement!.rules.map((rule) => ({ ...rule, title: text(rule.uid) })) } };
  drawn({ ...editor, Canvas: () => <ProblemList problems={[problem]} />, Inspector: undefined }, doc, { vocabulary: VOCABULARY });
  expect(screen.getByText('r1 en').tagName).toBe('STRONG');
});

const told = (path: string, fields: string[], severity = 'warning') => ({ code: 'x', severity, message: path, advice: '', path, nodes: [], edges: [], fields }) as unknown as Problem;
const Listed = () => <><editor.Canvas /><ProblemList problems={useOpen((found) => found.problems)} /></>;

test('a click on a problem leads to its cell: of a tier beside the table, of a row in it; a row without a name has its number', async () => {
  drawn({ ...editor, Canvas: Listed }, REBATE, { vocabulary: VOCABULARY, problems: [told('/statement/rules/0/charge/tiers/1', ['r1', 't2']), told('/terms/1/tax/rate', ['m2'], 'error')] });
  fireEvent.click(screen.getByText('/statement/rules/0/charge/tiers/1'));
  await vi.waitFor(() => expect(document.activeElement).toBe(cell('t2', 'below')));
  expect(cell('t2', 'below').dataset['wrong']).toBe('warning');
  expect(screen.getByText('Rule 1', { selector: 'strong' })).toBeTruthy();
  fireEvent.click(screen.getByText('/terms/1/tax/rate'));
  await vi.waitFor(() => expect(document.activeElement).toBe(cell('m2', '=rate')));
  expect(cell('m2', '=rate').dataset['wrong']).toBe('error');
});

test('a click on a problem of a whole table leads to the table', () => {
  drawn({ ...editor, Canvas: Listed }, REBATE, { vocabulary: VOCABULARY, problems: [told('/shares', [])] });
  fireEvent.click(screen.getByText('/shares'));
  expect(screen.getByRole('tab', { selected: true }).textContent).toContain('Shares');
});

test('a block of tiers that is pasted into their table takes the place of all of them', () => {
  const { store } = drawn(editor, REBATE, { vocabulary: VOCABULARY });
  open('Statements');
  fireEvent.pointerDown(cell('r1', '=model'));
  fireEvent.pointerDown(cell('t1', 'below'));
  act(() => cell('t1', 'below').focus());
  fireEvent.paste(cell('t1', 'below'), { clipboardData: { getData: () => 'Below\tPercent\n10万\t1%\n1,000,000\t２．５％\n\t3' } });
  expect(store.getState().draft.statement?.rules[0]?.charge.tiers?.map(({ below, percent }) => [below, percent])).toEqual([['100000', '1'], ['1000000', '2.5'], [null, '3']]);
});

test('a share that is divided says whose each part is', async () => {
  const share = { uid: 'p1', party: text('学管师'), percent: '50', amount: '10.00' };
  const statement = { currency: 'CNY', net: '20.00', tax: '0.00', gross: '20.00', groups: [], shares: [{ ...share, who: '李四' }, { ...share, who: { id: 'e2', title: '赵六' } }] };
  const post = async () => ({ lines: [], statements: [statement] });
  drawn(editor, REBATE, { vocabulary: VOCABULARY, post });
  expect(await screen.findByText('李四', {}, { timeout: 3000 })).toBeTruthy();
  expect(screen.getByText('赵六')).toBeTruthy();
});

test('where every rule counts nothing is said of lines that are worth nothing by themselves', async () => {
  const group = { count: 2, lines_amount: '0', parts: [], charge: '0', terms: '', tax_kind: 'out_of_scope', tax_rate: '0', tax: '0' };
  const statement = { currency: 'CNY', net: '0.00', tax: '0.00', gross: '0.00', shares: [], groups: [{ ...group, rule: '' }, { ...group, rule: 'r2' }] };
  const doc = { ...REBATE, line: undefined, statement: { ...REBATE.statement!, policy: 'collect' } } as unknown as Settlement;
  drawn(editor, doc, { vocabulary: VOCABULARY, post: async () => ({ lines: [], statements: [statement] }) });
  expect(await screen.findByText('Rule 2', { selector: 'tr[data-head] *' }, { timeout: 3000 })).toBeTruthy();
  expect(screen.queryByText(/No rule fits/)).toBeNull();
});

test('who takes back the row that he is in goes on from the last one', async () => {
  const { store } = drawn(editor, REBATE, { vocabulary: VOCABULARY });
  fireEvent.click(screen.getByRole('button', { name: 'Add a rule' }));
  await vi.waitFor(() => expect(document.activeElement?.matches('.b-grid td')).toBe(true));
  act(() => store.verbs.undo());
  await vi.waitFor(() => expect((document.activeElement as HTMLElement).dataset['row']).toBe('l2'));
});

test('what is no number is not taken, and said', async () => {
  const { store } = drawn(editor, REBATE, { vocabulary: VOCABULARY });
  fireEvent.pointerDown(cell('l2', '=amount'));
  fireEvent.keyDown(cell('l2', '=amount'), { key: 'x' });
  fireEvent.keyDown(cell('l2', '=amount').querySelector('input')!, { key: 'Enter' });
  expect(await screen.findByText(/Not understood/)).toBeTruthy();
  expect(store.getState().draft).toBe(REBATE);
});

test('choosing another cell takes what was typed in the first', async () => {
  const { store } = drawn(editor, REBATE, { vocabulary: VOCABULARY });
  fireEvent.pointerDown(cell('l2', '=amount'));
  fireEvent.keyDown(cell('l2', '=amount'), { key: '8' });
  fireEvent.pointerDown(cell('l1', '=percent'));
  await act(async () => undefined);
  expect(store.getState().draft.line?.rules[1]?.charge.amount).toBe('8');
});

test('a table is pasted over cells in one step; rows that are missing are made', async () => {
  const { store } = drawn(editor, REBATE, { vocabulary: VOCABULARY });
  fireEvent.pointerDown(cell('l2', 'd1'));
  cell('l2', 'd1').focus();
  const data = { getData: () => 'Key account\t10-20\tflat\t7\n小商户\t\t固定金额\t9' };
  await act(async () => {
    fireEvent(document, Object.assign(new Event('paste', { cancelable: true }), { clipboardData: data }));
  });
  const rules = store.getState().draft.line!.rules;
  expect(rules).toHaveLength(3);
  expect(rules[1]?.when).toEqual({ d1: { in: ['key'] }, d2: { from: '10', below: '20' } });
  expect(rules[2]?.when).toEqual({ d1: { in: ['small'] } });
  act(() => store.verbs.undo());
  expect(store.getState().draft).toBe(REBATE);
});

const paste = async (into: HTMLElement, text: string) => {
  fireEvent.pointerDown(into);
  into.focus();
  await act(async () => void fireEvent(document, Object.assign(new Event('paste', { cancelable: true }), { clipboardData: { getData: () => text } })));
};

test('what is pasted beside a model that is pasted is taken as that model asks', async () => {
  const { store } = drawn(editor, REBATE, { vocabulary: VOCABULARY });
  const columns = [...document.querySelectorAll<HTMLElement>('td[data-row="l2"]')].map((one) => one.dataset['col']);
  expect(columns.slice(2)).toEqual(['d2', '=model', '=measure', '=amount', '=percent']);
  await paste(cell('l2', '=model'), '统一比例\t金额合计\t\t3%\n统一比例\t金额合计\t\t5%\n固定金额\t\t\t7%');
  const charges = store.getState().draft.line!.rules.slice(1).map((rule) => rule.charge);
  expect(charges.slice(0, 2)).toMatchObject([{ model: 'percentage', percent: '3' }, { model: 'percentage', percent: '5' }]);
  expect(charges[2]).toEqual({ model: 'flat' });
  expect(screen.getByText(/Not understood/)).toBeTruthy();
});

test('a rate that is pasted beside its tax leaves the tax as it was pasted', async () => {
  const { store } = drawn(editor, REBATE, { vocabulary: VOCABULARY });
  open('Terms');
  await paste(cell('m2', '=tax'), 'exclusive\t13%\ninclusive\t9');
  expect(store.getState().draft.terms!.slice(1).map((term) => term.tax)).toEqual([{ kind: 'exclusive', rate: '13' }, { kind: 'inclusive', rate: '9' }]);
});

test('Delete frees a cell, Ctrl-D fills it from above', async () => {
  const { store } = drawn(editor, REBATE, { vocabulary: VOCABULARY });
  fireEvent.pointerDown(cell('l2', 'd1'));
  await act(async () => void fireEvent.keyDown(cell('l2', 'd1'), { key: 'd', ctrlKey: true }));
  expect(store.getState().draft.line?.rules[1]?.when).toEqual({ d1: { in: ['key'] } });
  await act(async () => void fireEvent.keyDown(cell('l2', 'd1'), { key: 'Delete' }));
  expect(store.getState().draft.line?.rules[1]?.when).toEqual({});
});

test('a selected rule shows its tiers with both ends said', () => {
  const { store } = drawn(editor, REBATE, { vocabulary: VOCABULARY });
  act(() => store.verbs.select([{ group: 'rules', uid: 'r1' }]));
  const inspector = document.querySelector<HTMLElement>('.b-inspector')!;
  expect(within(inspector).getByText('100,000 up to but not including 500,000')).toBeTruthy();
  expect(within(inspector).getByText('500,000 and above')).toBeTruthy();
});

test('a problem of a tier stands at the cell of its rule', () => {
  const problem = { code: 'x', params: {}, severity: 'error' as const, nodes: [], edges: [], fields: ['r1', 't2'], path: '/statement/rules/0/charge/tiers/1', message: 'Not rising.', advice: '' };
  drawn(editor, REBATE, { vocabulary: VOCABULARY, problems: [problem] });
  open('Statements');
  expect(cell('r1', '=tiers').getAttribute('aria-invalid')).toBe('true');
  expect(cell('r1', '=model').getAttribute('aria-invalid')).toBeNull();
});

test('an old version has no tools', () => {
  drawn(editor, REBATE, { vocabulary: VOCABULARY, readOnly: true });
  expect(document.querySelector('.b-grid-tools')).toBeNull();
  fireEvent.pointerDown(cell('l2', '=amount'));
  fireEvent.keyDown(cell('l2', '=amount'), { key: '1' });
  expect(cell('l2', '=amount').querySelector('input')).toBeNull();
});

const choose = (label: string, value: string) => fireEvent.change(within(document.querySelector<HTMLElement>('.b-inspector')!).getByLabelText(label), { target: { value } });

test('what a charge may say besides is drawn from its description, and kept', () => {
  const { store } = drawn(editor, REBATE, { vocabulary: { ...VOCABULARY, settlement: DESCRIBED } });
  const charge = () => store.getState().draft.statement!.rules[0]!.charge;
  act(() => store.verbs.select([{ group: 'rules', uid: 'r1' }]));
  choose('Bounds', 'upto');
  choose('At most', '500');
  choose('Period', 'month');
  expect(charge()).toMatchObject({ bounds: 'upto', max: '500', measure: { sum: 'amount', over: { period: 'month' } } });
  expect(within(document.querySelector<HTMLElement>('.b-inspector')!).getByText('above 100,000 up to and including 500,000')).toBeTruthy();
  choose('Period', '');
  expect(charge().measure).toEqual({ sum: 'amount' });
});

test('a term and a share have settings behind their rows', () => {
  const { store } = drawn(editor, REBATE, { vocabulary: { ...VOCABULARY, settlement: DESCRIBED } });
  act(() => store.verbs.select([{ group: 'terms', uid: 'm2' }]));
  choose('Taxed', 'line');
  expect(store.getState().draft.terms?.[1]?.tax).toEqual({ kind: 'inclusive', rate: '6', per: 'line' });
  act(() => store.verbs.select([{ group: 'shares', uid: 'p1' }]));
  choose('How', 'ratio');
  choose('Among', 'dealer');
  expect(store.getState().draft.shares?.[0]).toEqual({ uid: 'p1', party: { 'zh-Hans': '销售', en: 'Sales' }, ratio: '1', by: 'dealer' });
});

test('a share that is no longer a percentage takes no percentage that was being typed, nor one that is pasted', async () => {
  const { store } = drawn(editor, REBATE, { vocabulary: VOCABULARY });
  open('Shares');
  fireEvent.pointerDown(cell('p1', 'percent'));
  fireEvent.keyDown(cell('p1', 'percent'), { key: '7' });
  const [first] = store.getState().draft.shares!;
  const { percent: _, ...rest } = first!;
  await act(async () => store.verbs.change((doc) => ({ ...doc, shares: doc.shares!.with(0, { ...rest, ratio: '1' }) })));
  expect(store.getState().draft.shares?.[0]).not.toHaveProperty('percent');
});

test('only a fixed sum has a currency, chosen by name', () => {
  const { store } = drawn(editor, REBATE, { vocabulary: { ...VOCABULARY, settlement: DESCRIBED } });
  const inspector = document.querySelector<HTMLElement>('.b-inspector')!;
  act(() => store.verbs.select([{ group: 'shares', uid: 'p1' }]));
  expect(within(inspector).queryByLabelText('Currency')).toBeNull();
  choose('How', 'amount');
  choose('Currency', 'own');
  expect(store.getState().draft.shares?.[0]).toMatchObject({ amount: '1', currency: 'own' });
  expect(within(inspector).getByText('USD US Dollar')).toBeTruthy();
});

test('what a tier lacks is said at the cell that lacks it', () => {
  const problem = { code: 'x', params: {}, severity: 'error' as const, nodes: [], edges: [], fields: ['r1', 't2'], path: '/statement/rules/0/charge/tiers/1/percent', message: 'Missing.', advice: '' };
  const { store } = drawn(editor, REBATE, { vocabulary: VOCABULARY, problems: [problem] });
  act(() => store.verbs.select([{ group: 'rules', uid: 'r1' }]));
  expect(cell('t2', 'percent').getAttribute('aria-invalid')).toBe('true');
  expect(cell('t2', 'below').getAttribute('aria-invalid')).toBeNull();
});
