/** Fixes that the server offers, and the counterexample move by move. */
import { expect, test } from 'vitest';

import { insertOnEdge, newNode } from '../src/builder/workflow/edits';
import { mended } from '../src/builder/workflow/mending';
import { moveWords, places, standing } from '../src/builder/workflow/tokens';
import { pick } from '../src/core/i18n';
import type { Mend, TraceMove } from '../src/core/types';
import { expectValid, text, typeNamed, workflow } from './documents';

test('a join goes before a step, with an identity of its own, and leads on to it', () => {
  const doc = workflow();
  const into = doc.edges.filter((edge) => edge.target === 'end').map((edge) => edge.uid);
  const fix: Mend[] = [
    { edit: 'add', node: { uid: '+join', type: 'join', title: text('join'), config: { mode: 'all' } }, before: 'end' },
    ...into.map((edge): Mend => ({ edit: 'lead', edge, target: '+join' })),
    { edit: 'connect', edge: { uid: '+join-on', source: '+join', target: 'end' } },
  ];
  const found = mended(doc, fix);
  expectValid(found);
  const join = found.nodes.find((node) => node.type === 'join');
  expect(join?.uid).toMatch(/^[a-z0-9]{12}$/);
  expect(found.edges.filter((edge) => edge.target === join?.uid).map((edge) => edge.uid)).toEqual(into);
  expect(found.edges.filter((edge) => edge.target === 'end').map((edge) => edge.source)).toEqual([join?.uid]);
  expect(doc.nodes.some((node) => node.type === 'join')).toBe(false);
});

test('a default way is drawn, with an identity of its own', () => {
  const found = mended(workflow(), [{ edit: 'connect', edge: { uid: '+otherwise', source: 'task', target: 'end', default: true } }]);
  expectValid(found);
  expect(found.edges.at(-1)).toEqual({ uid: expect.stringMatching(/^[a-z0-9]{12}$/), source: 'task', target: 'end', default: true });
});

test('settings are changed and others kept', () => {
  const doc = insertOnEdge(workflow(), 'e1', { ...newNode(workflow(), typeNamed('join')), uid: 'j', config: { rest: 'ignored' } }, { x: 0, y: 0 });
  const found = mended(doc, [{ edit: 'set', node: 'j', config: { mode: 'reaching' } }]);
  expect(found.nodes.find((node) => node.uid === 'j')?.config).toEqual({ rest: 'ignored', mode: 'reaching' });
});

test('tokens stand where the moves have put them; two at one step beside each other', () => {
  const drawn = workflow();
  const doc = { ...drawn, edges: [...drawn.edges, { uid: 'again', source: 'task', target: 'end' }] };
  const first = doc.edges.find((edge) => edge.source === 'start')?.uid ?? '';
  const trace: TraceMove[] = [
    { node: 'start', took: [''], ways: [first] },
    { node: 'task', took: [first], ways: ['again', 'again'] },
    { node: 'end', took: ['again'], ways: ['~task'] },
  ];
  const at = (moves: number) => standing(doc, trace, moves).map((token) => token.node);
  expect([at(0), at(1), at(2), at(3)]).toEqual([['start'], ['task'], ['end', 'end'], ['end', 'task']]);
  const [one, other] = places(doc, standing(doc, trace, 2));
  expect(one?.x).not.toBe(other?.x);
});

test('a move is told as it was: done, with an outcome, or sent back', () => {
  const doc = { ...workflow(), edges: [...workflow().edges, { uid: 'late', source: 'a', target: 'b', on: 'deadline' }] };
  const types = [{ ...typeNamed('user_task'), outcomes: { deadline: text('超时') } }];
  const said = (node: string, ...ways: string[]) => moveWords(doc, { node, took: [], ways }, types);
  const [a, b] = ['a', 'b'].map((uid) => pick(doc.nodes.find((node) => node.uid === uid)?.title));
  expect(said('a', '~b')).toBe(`“${a}”退回到“${b}”`);
  expect([said('a', 'late'), said('a', 'gone')]).toEqual([`“${a}”：超时`, `“${a}”已完成`]);
});

test('an end behind a step, below its ways, for what no condition is for', () => {
  const otherwise = { uid: '+otherwise', source: 'choice', target: '+end', default: true };
  const doc = mended(workflow(), [{ edit: 'add', node: { uid: '+end', type: 'end', title: text('end'), config: {} }, after: 'choice' }, { edit: 'connect', edge: otherwise }]);
  const added = doc.nodes.at(-1);
  expect(added?.uid).not.toContain('+');
  expect(doc.edges.at(-1)).toMatchObject({ source: 'choice', target: added?.uid, default: true });
  expect(doc.layout?.nodes?.[added?.uid ?? '']?.x).toBeGreaterThan(doc.layout?.nodes?.['choice']?.x ?? Infinity);
});
