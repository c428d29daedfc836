/** Steps are found by the words of the trade. */
import { expect, test } from 'vitest';

import { called } from '../src/builder/workflow/called';
import type { NodeType } from '../src/core/types';

const type = (name: string, zh: string, also: string[]) => ({ name, title: { 'zh-Hans': zh, en: name }, also }) as unknown as NodeType;
const TYPES = [type('task', '办理', ['派单', '抢单']), type('decide', '条件分支', ['判断'])];

test('a step is found by what the trade calls it, and told by which word', () => {
  const found = (wanted: string) => called(TYPES, wanted).map(({ type: one, by }) => [one.name, by]);
  expect(found('抢单')).toEqual([['task', '抢单']]);
  expect(found('pd')).toEqual([
    ['task', '派单'],
    ['decide', '判断'],
  ]);
  expect(found('分支')).toEqual([['decide', undefined]]);
  expect(found('')).toHaveLength(2);
});
