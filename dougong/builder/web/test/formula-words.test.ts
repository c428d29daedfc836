/** A formula is read with the titles of its fields, and of the options that they are compared with. */
import { expect, test } from 'vitest';

import { choosable, formulaWords } from '../src/core/formula-words';
import type { FieldInfo } from '../src/core/fields';
import { text } from './documents';

const options = (...pairs: [string, string][]) => ({ options: pairs.map(([key, title]) => ({ uid: key, key, title: text(title) })) });
const field = (key: string, title: string, kind: string, config = {}) => ({ uid: key, key, type: kind, kind, title: text(title), config }) as FieldInfo;
const FIELDS = [
  field('level', '等级', 'choice', options(['vip', '重要客户'], ['normal', '普通'])),
  field('kind', '类型', 'choice', options(['vip', '贵宾单'])),
  field('tags', '标签', 'choices', options(['hot', '加急'])),
  field('items.part', '配件·种类', '[choice]', options(['screen', '屏幕'])),
  field('items.n', '配件·数量', '[number]'),
  field('price', '单价', 'number'),
];

test.each([
  ['level = "vip"', '等级 = "重要客户"'],
  ['"normal"<>level', '"普通"<>等级'],
  ['IF(level = "vip", "vip", "normal")', 'IF(等级 = "重要客户", "vip", "normal")'],
  ['IF(kind = "vip", price, 0)', 'IF(类型 = "贵宾单", 单价, 0)'],
  ['SWITCH(level, "vip", price, "normal", 2)', 'SWITCH(等级, "重要客户", 单价, "普通", 2)'],
  ['CONTAIN(tags, "hot")', 'CONTAIN(标签, "加急")'],
  ['SUMIF(items.part, "screen", items.n) * 2', 'SUMIF(配件·种类, "屏幕", 配件·数量) * 2'],
  ['level = "gone" & "vip"', '等级 = "gone" & "vip"'],
  ['"level" & \n price', '"level" & \n 单价'],
  ['level = "vi', '等级 = "vi'],
])('%s', (formula, words) => expect(formulaWords(formula, FIELDS)).toBe(words));

test('what a formula fills reads by its options', () => {
  const level = FIELDS[0];
  expect(formulaWords('IF(kind = "vip", "vip", "normal")', FIELDS, level)).toBe('IF(类型 = "贵宾单", "重要客户", "普通")');
  expect(choosable('kind', FIELDS, level).map(({ key }) => key)).toEqual(['level', 'kind']);
});

test('options are offered of the fields that are named', () => {
  expect(choosable('IF(tags = "level", items.part, price)', FIELDS).map(({ key }) => key)).toEqual(['tags', 'items.part']);
});
