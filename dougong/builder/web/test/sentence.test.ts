/** Conditions read aloud in both languages. */
import { expect, test } from 'vitest';

import { sentence } from '../src/core/sentence';
import type { Rule, Tree } from '../src/core/types';
import { FIELDS, OPERATORS } from './documents';

const speech = { fields: FIELDS, operators: OPERATORS, region: (code: string) => ({ '44': '广东省' })[code] };
const both = (tree: Tree) => [sentence(tree, { ...speech, tag: 'zh-Hans' }), sentence(tree, { ...speech, tag: 'en' })];
const all = (...rules: (Rule | Tree)[]): Tree => ({ combinator: 'and', rules });
const any = (...rules: (Rule | Tree)[]): Tree => ({ combinator: 'or', rules });
const dear: Rule = { field: 'cost', operator: 'greater', value: '1000' };

test.each<[string, Tree, string, string]>([
  ['one rule', all(dear), '费用 大于 1000', 'cost is more than 1000'],
  ['two rules', all(dear, { field: 'urgent', operator: 'is_true' }), '费用 大于 1000 且 加急 为是', 'cost is more than 1000 and urgent is yes'],
  [
    'a group within',
    all(dear, any({ field: 'urgent', operator: 'is_true' }, { field: 'problem', operator: 'empty' })),
    '费用 大于 1000 且（加急 为是 或 故障 为空）',
    'cost is more than 1000 and (urgent is yes or problem is empty)',
  ],
  [
    'options by their titles',
    all({ field: 'level', operator: 'one_of', value: ['vip', 'key'] }),
    '等级 属于 vip、key',
    'level is one of vip en, key en',
  ],
  ['the contrary', { ...any(dear), not: true }, '并非（费用 大于 1000）', 'not (cost is more than 1000)'],
  ['a range', all({ field: 'cost', operator: 'between', value: ['1', '5'] }), '费用 介于 1 至 5', 'cost is between 1 to 5'],
  ['another field', all({ field: 'cost', operator: 'greater', source: 'field', value: 'limit' }), '费用 大于 “限额”', 'cost is more than “limit”'],
  ['a place by its name', all({ field: 'address', operator: 'within', value: ['44', '11'] }), '地址 位于 广东省、11', 'address is in 广东省, 11'],
  ['nothing given yet', all({ field: 'cost', operator: 'greater' }), '费用 大于（未填）', 'cost is more than (nothing yet)'],
  ['a word around what is given', all({ field: 'day', operator: 'last_days', value: '7' }), '日期 在过去 7 天内', 'day is in the last 7 days'],
  ['around another field', all({ field: 'day', operator: 'last_days', source: 'field', value: 'limit' }), '日期 在过去 “限额” 天内', 'day is in the last “limit” days'],
  ['the choices of an operator', all({ field: 'day', operator: 'weekday_is', value: ['1', '2'] }), '日期 是星期 周一、周二', 'day falls on Monday, Tuesday'],
  ['a field that is gone', all({ field: 'gone', operator: 'greater', value: '1' }), 'gone 大于 1', 'gone is more than 1'],
])('%s', (_name, tree, zh, en) => expect(both(tree)).toEqual([zh, en]));

test('nothing asked is no sentence', () => {
  expect(sentence(undefined, speech)).toBe('');
  expect(sentence(all(), speech)).toBe('');
});
