import { expect, test } from 'vitest';

import { addFill, fillable, matching } from '../../src/builder/form/fills';
import { grouped } from '../../src/builder/form/palette-groups';
import { addOption, changeOption, pasteOptions, removeOption } from '../../src/builder/options/edits';
import type { FieldInfo } from '../../src/core/fields';
import { asKey, freeKey, KEY } from '../../src/core/keys';
import { moved, nudged } from '../../src/core/lists';
import type { Option } from '../../src/core/types';
import { idle, triple } from '../triple';
import { type } from './a-form';

const OPTIONS: Option[] = [{ uid: 'a', key: 'a', title: { 'zh-Hans': '甲', en: 'A' } }, { uid: 'b', key: 'b', title: { 'zh-Hans': '乙', en: 'B' } }];

test('an option is added with a key that is free', () => {
  expect(triple(OPTIONS, (all) => addOption(all, { en: 'C' })).map((one) => one.key)).toEqual(['a', 'b', 'option_3']);
  expect(triple(OPTIONS, (all) => addOption(all, { en: 'C' }, 'b')).at(-1)?.key).toBe('option_3');
  expect(triple(OPTIONS, (all) => addOption(all, { en: 'C' }, 'c')).at(-1)?.key).toBe('c');
});

test('many lines become many options; what is there already is left out', () => {
  const pasted = triple(OPTIONS, (all) => pasteOptions(all, '乙\n保内\tIn warranty\tin_warranty\r\n\n保外 | Out of warranty | out\n其他'));
  expect(pasted.slice(2).map(({ key, title }) => [key, title['zh-Hans'], title['en']])).toEqual([
    ['in_warranty', '保内', 'In warranty'], ['out', '保外', 'Out of warranty'], ['option_5', '其他', '其他'],
  ]);
});

test('options as they come with a field make way for those that are pasted', () => {
  const stubs: Option[] = [1, 2].map((number) => ({ uid: `${number}`, key: `option_${number}`, title: { 'zh-Hans': `选项 ${number}`, en: `Option ${number}` } }));
  const called = [stubs[0]!, { ...stubs[1]!, title: { 'zh-Hans': '乙', en: 'B' } }];
  expect(pasteOptions(called, '丙\n丁').map((one) => one.title['zh-Hans'])).toEqual(['乙', '丙', '丁']);
  expect(pasteOptions(stubs, ' ')).toEqual(stubs);
});

test('an option is changed, moved and removed', () => {
  expect(triple(OPTIONS, (all) => changeOption(all, 'b', { tone: 'bad' }))[1]?.tone).toBe('bad');
  expect(triple(OPTIONS, (all) => removeOption(all, 'a')).map((one) => one.uid)).toEqual(['b']);
  expect(triple(OPTIONS, (all) => moved(all, 'b', 'a')).map((one) => one.uid)).toEqual(['b', 'a']);
  expect(triple(OPTIONS, (all) => nudged(all, 'a', 1)).map((one) => one.uid)).toEqual(['b', 'a']);
  idle(OPTIONS, (all) => moved(all, 'a', 'b'));
  idle(OPTIONS, (all) => nudged(all, 'a', -1));
});

test('a record fills fields of the same kind, not calculated ones; the same names go without saying', () => {
  const info = (key: string, kind: string, zh: string, more = {}) => ({ uid: key, key, kind, type: kind, title: { 'zh-Hans': zh }, ...more }) as FieldInfo;
  const sources = [info('name', 'text', '姓名'), info('tel', 'text', '电话'), info('level', 'choice', '等级')];
  const targets = [info('contact', 'text', '姓名'), info('tel', 'text', '手机'), info('sum', 'text', '合计', { type: 'formula' })];
  expect(fillable(targets, sources[0]).map((one) => one.key)).toEqual(['contact', 'tel']);
  expect(matching(sources, targets, [])).toEqual([{ from: 'name', to: 'contact' }, { from: 'tel', to: 'tel' }]);
  expect(addFill([], sources, targets)).toEqual([{ from: 'name', to: 'contact' }]);
  expect(addFill([], [sources[2]!], targets)).toBeUndefined();
});

test('a field type is found by its name in any language', () => {
  const types = [type('text', { title: { 'zh-Hans': '单行文本', en: 'Single line' } }), type('date', { group: 'time', title: { 'zh-Hans': '日期', en: 'Date' } })];
  expect(grouped(types).map((one) => one.group)).toEqual(['basic', 'time']);
  expect(grouped(types, '单行')[0]?.found[0]?.name).toBe('text');
  expect(grouped(types, 'DATE')[0]?.found[0]?.name).toBe('date');
  expect(grouped(types, 'zzz')).toEqual([]);
});

test('keys are proposed and checked', () => {
  expect(freeKey('phone', ['phone_1', 'phone_3'])).toBe('phone_2');
  expect(asKey('Order No. 2')).toBe('order_no_2');
  expect(asKey('金额')).toBe('');
  expect(KEY.test('a'.repeat(41))).toBe(false);
});
