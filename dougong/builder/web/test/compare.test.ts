/** Two drafts in one picture. */
import { expect, test } from 'vitest';

import { compared } from '../src/core/compare';
import { differences } from '../src/core/differences';
import { takenApart } from '../src/core/elements';
import { same } from '../src/core/same';
import { hand } from './changing';
import { changeNode, connect } from '../src/builder/workflow/edits';
import { remove } from '../src/builder/workflow/removing';
import { text, workflow } from './documents';
import { FORM } from './form/a-form';

test('nothing has changed: the same picture, and nothing marked', () => {
  expect(compared(FORM, FORM)).toEqual({ both: FORM, found: [], marks: {} });
});

test('a step that was removed stands where it stood, with its ways; what was added and changed is marked', () => {
  const before = { ...workflow(), layout: { nodes: { a: { x: 4, y: 8 }, b: { x: 9, y: 9 } } } };
  const after = connect(changeNode(remove(before, [{ group: 'nodes', uid: 'a' }]), 'b', (node) => ({ ...node, title: text('新') })), 'task', 'end');
  const { both, marks } = compared(before, after);
  expect(both.nodes.map(({ uid }) => uid)).toEqual(['start', 'task', 'choice', 'a', 'b', 'end']);
  expect(both.layout?.nodes?.['a']).toEqual({ x: 4, y: 8 });
  expect(marks).toMatchObject({ a: 'removed', ea: 'removed', b: 'changed' });
  expect(Object.values(marks).filter((mark) => mark === 'added')).toHaveLength(1);
});

test('a field in another section is moved; one with another option is changed, its section is not', () => {
  const after = structuredClone(FORM);
  after.sections[2]?.fields.push(...(after.sections[0]?.fields.splice(1, 1) ?? []));
  (after.sections[1]?.fields[0]?.config as { options: unknown[] }).options.pop();
  expect(compared(FORM, after).marks).toEqual({ phone: 'moved', fault: 'changed', o2: 'removed' });
  expect(differences(FORM, after).find(({ is }) => is === 'moved')).toMatchObject({ name: 'phone', what: [{ before: '客户', after: '未命名分组' }] });
});

test('whatever was changed: every element of both is in the picture, and every difference has a mark', () => {
  for (let seed = 0; seed < 100; seed += 1) {
    const after = hand(seed, 'a').change(FORM, 6);
    const { both, found, marks } = compared(FORM, after);
    const ids = [...takenApart(both).keys()];
    for (const id of [...takenApart(FORM).keys(), ...takenApart(after).keys()]) expect(ids, `seed ${seed}`).toContain(id);
    for (const { is, uid } of found) if (uid && is !== 'reordered') expect(marks[uid], `seed ${seed}: ${uid}`).toBeTruthy();
    expect(same(both, after), `seed ${seed}`).toBe(!found.some(({ is }) => is === 'removed'));
  }
});
