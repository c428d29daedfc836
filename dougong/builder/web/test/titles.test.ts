import { expect, test } from 'vitest';

import { asNumbered, asType, retitled } from '../src/core/titles';

const STANDARD = { 'zh-Hans': '单行文本', en: 'Single line' };

test('what nobody wrote goes when another language is written', () => {
  expect(retitled(STANDARD, { ...STANDARD, 'zh-Hans': '联系人' }, asType(STANDARD))).toEqual({ 'zh-Hans': '联系人' });
});

test('what somebody wrote stays', () => {
  const before = { 'zh-Hans': '联系人', en: 'Contact' };
  expect(retitled(before, { ...before, 'zh-Hans': '姓名' }, asType(STANDARD))).toEqual({ 'zh-Hans': '姓名', en: 'Contact' });
});

test('emptying a title takes nothing else away', () => {
  expect(retitled(STANDARD, { ...STANDARD, 'zh-Hans': '' }, asType(STANDARD))).toEqual({ 'zh-Hans': '', en: 'Single line' });
});

test('numbered options are what nobody wrote', () => {
  expect(retitled({ 'zh-Hans': '选项 1', en: 'Option 1' }, { 'zh-Hans': '漏水', en: 'Option 1' }, asNumbered)).toEqual({ 'zh-Hans': '漏水' });
  expect(asNumbered('en', 'Option')).toBe(false);
});
