// @vitest-environment jsdom
/** Cells as people type them, and as they are told again: what is told is read as the same cell. */
import { beforeEach, expect, test } from 'vitest';

import { cellText, outText, readCell, readOut, type Names } from '../../src/builder/table/cells';
import type { Cell } from '../../src/builder/table/types';
import type { Field } from '../../src/core/types';
import { DISPATCH } from './a-table';

const [LINE] = DISPATCH.inputs as [Field];
const column = (type: string): Field => ({ uid: type, key: type, type, title: { en: type } });
const PLACES: Record<string, string> = { 广东省: '44', 深圳市: '4403' };
const NAMES: Names = {
  place: (code) => Object.keys(PLACES).find((name) => PLACES[name] === code),
  placeCode: (name) => PLACES[name] ?? null,
  roles: [{ value: 'engineer', title: '维修工程师' }],
};
const atom = (operator: string, value?: string | string[]): Cell => [value === undefined ? { operator } : { operator, value }];

beforeEach(() => document.documentElement.setAttribute('lang', 'zh-Hans'));

test.each<[string, string, Cell | undefined]>([
  ['number', '', undefined],
  ['number', '不限', undefined],
  ['number', '>100', atom('greater', '100')],
  ['number', '≥ 1,000', atom('at_least', '1000')],
  ['number', '10万以上', atom('at_least', '100000')],
  ['number', '＜500', atom('less', '500')],
  ['number', '<= 5.50', atom('at_most', '5.5')],
  ['number', '≠ 7', atom('not_equals', '7')],
  ['number', '12', atom('equals', '12')],
  ['number', '10 ~ 20', atom('between', ['10', '20'])],
  ['number', '10至20', atom('between', ['10', '20'])],
  ['number', '10-20', atom('between', ['10', '20'])],
  ['number', '[1,000, 5,000)', [{ operator: 'at_least', value: '1000' }, { operator: 'less', value: '5000' }]],
  ['number', '(0, 1]', [{ operator: 'greater', value: '0' }, { operator: 'at_most', value: '1' }]],
  ['number', '空', atom('empty')],
  ['date', '2026/1/5 ~ 2026年2月1日', atom('between', ['2026-01-05', '2026-02-01'])],
  ['date', '> 2026-01-05', atom('after', '2026-01-05')],
  ['text', '漏水', atom('equals', '漏水')],
  ['text', '漏水、漏电', atom('one_of', ['漏水', '漏电'])],
  ['text', '*漏*', atom('contains', '漏')],
  ['text', '*漏*、*火*', atom('contains_any', ['漏', '火'])],
  ['text', 'A*', atom('starts_with', 'A')],
  ['text', '*z', atom('ends_with', 'z')],
  ['text', '≠ *漏*', atom('not_contains', '漏')],
  ['text', '不是 甲、乙', atom('not_one_of', ['甲', '乙'])],
  ['text', '非空', atom('not_empty')],
  ['boolean', '是', atom('is_true')],
  ['boolean', 'no', atom('is_false')],
  ['region', '广东省、深圳市', atom('within', ['44', '4403'])],
  ['region', '除 深圳市 外', atom('not_within', ['4403'])],
])('%s: %s', (kind, said, cell) => {
  expect(readCell(said, column(kind), kind, NAMES)).toEqual({ cell });
  const told = cellText(cell, column(kind), kind, NAMES) as string;
  expect(readCell(told, column(kind), kind, NAMES)).toEqual({ cell });
});

test('options are read by their titles in any language, and told by the reader’s', () => {
  expect(readCell('空调', LINE, 'choice', NAMES)).toEqual({ cell: atom('equals', 'aircon') });
  expect(readCell('Aircon; washer', LINE, 'choice', NAMES)).toEqual({ cell: atom('one_of', ['aircon', 'washer']) });
  expect(cellText(atom('not_one_of', ['aircon', 'washer']), LINE, 'choice', NAMES)).toBe('≠ 空调、洗衣机');
  expect(readCell('空调 + 洗衣机', LINE, 'choices', NAMES)).toEqual({ cell: atom('includes_all', ['aircon', 'washer']) });
});

test.each([['number', 'abc'], ['number', '> x'], ['date', '2026-02-30'], ['choice', '冰箱'], ['region', '火星'], ['text', 'a*b'], ['datetime', 'today'], ['date', '[2026-01-01, 2026-02-01)']])('%s: %s is not understood', (kind, said) => {
  expect(readCell(said, kind === 'choice' ? LINE : column(kind), kind, NAMES)).toBeNull();
});

test('what has no short form is left to the sentence', () => {
  expect(cellText([...atom('contains', 'a'), ...atom('contains', 'b')], column('text'), 'text', NAMES)).toBeNull();
  expect(cellText(atom('equals'), column('text'), 'text', NAMES)).toBeNull();
});

test('outputs are values, options, roles, or formulas', () => {
  const out = (type: string, kind: string, said: string) => readOut(said, type === 'choice' ? LINE : column(type), kind, NAMES)?.out;
  expect(out('money', 'number', '1,234.5')).toEqual({ value: '1234.5' });
  expect(out('rating', 'number', '3')).toEqual({ value: 3 });
  expect(out('money', 'number', '= amount * 2')).toEqual({ formula: 'amount * 2' });
  expect(out('role', 'text', '维修工程师')).toEqual({ value: 'engineer' });
  expect(readOut('飞行员', column('role'), 'text', NAMES)).toBeNull();
  expect(out('choice', 'choice', '空调')).toEqual({ value: 'aircon' });
  expect(out('boolean', 'boolean', '否')).toEqual({ value: false });
  expect(out('text', 'text', ' ')).toBeUndefined();
  expect(outText({ formula: 'amount * 2' }, column('money'), 'number', NAMES)).toBe('=amount * 2');
  expect(outText({ value: 'engineer' }, column('role'), 'text', NAMES)).toBe('维修工程师');
  expect(outText({ value: false }, column('boolean'), 'boolean', NAMES)).toBe('否');
});
