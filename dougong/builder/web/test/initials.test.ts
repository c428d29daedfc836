/** What is typed in the Latin alphabet finds what is called in Chinese. */
import { expect, test } from 'vitest';

import { initials, isCalled } from '../src/core/initials';

test('by the first sound of each character', () => {
  expect(['条件分支', '并行汇合', '决策表', '通知/抄送', '等待', '赋值', '子流程 v2', '审批'].map(initials)).toEqual(['tjfz', 'bxhh', 'jcb', 'tzcs', 'dd', 'fz', 'zlcv2', 'sp']);
  expect([...'阿八擦大饿发改和家看了马那哦怕起人三他我小一在'].map(initials).join('')).toBe('abcdefghjklmnopqrstwxyz');
});

test('a title is found by its words and by its initials', () => {
  const title = { 'zh-Hans': '条件分支', en: 'Decide' };
  expect(['条件', 'tjf', 'FZ', 'deci', ' DECIDE '].every((wanted) => isCalled(title, wanted))).toBe(true);
  expect(isCalled(title, 'bx')).toBe(false);
});
