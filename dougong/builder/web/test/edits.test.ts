/** Every edit of a workflow: done, undone, redone; valid after each; the original untouched. */
import { describe, expect, test } from 'vitest';

import { copied, pasted } from '../src/builder/workflow/clipboard';
import {
  addAfter,
  addNode,
  aligned,
  CARD,
  changeEdge,
  changeNode,
  connect,
  freePoint,
  insertOnEdge,
  makeDefault,
  mayConnect,
  moveEdge,
  newNode,
  placed,
  reconnect,
  remove,
  setConfig,
  waysOut,
  withProperty,
  setOutcome,
  addForOutcome,
  connectFor,
  freeOutcomes,
} from '../src/builder/workflow/edits';
import { entryOf, withoutRevocation, withRevocation } from '../src/builder/workflow/revocation';
import { History } from '../src/core/history';
import { problemsAt, put } from '../src/core/pointer';
import type { Place, WorkflowDoc } from '../src/core/types';
import { expectValid, text, TYPES, typeNamed, workflow } from './documents';

const task = (doc: WorkflowDoc) => newNode(doc, typeNamed('user_task'));
const node = (uid: string): Place => ({ group: 'nodes', uid });
const edge = (uid: string): Place => ({ group: 'edges', uid });

const EDITS: Record<string, (doc: WorkflowDoc) => WorkflowDoc> = {
  'add a step': (doc) => addNode(doc, task(doc), { x: 10.4, y: 20.6 }),
  'add a step behind another': (doc) => addAfter(doc, 'choice', task(doc), TYPES),
  'insert a step into a way': (doc) => insertOnEdge(doc, 'e1', task(doc), { x: 0, y: 0 }),
  'insert a decision into a way': (doc) => insertOnEdge(doc, 'e1', newNode(doc, typeNamed('decide')), { x: 0, y: 0 }),
  'connect two steps': (doc) => connect(doc, 'a', 'end'),
  'lead a way elsewhere': (doc) => reconnect(doc, 'ea', 'choice', 'end'),
  'rename a step': (doc) => changeNode(doc, 'a', (found) => ({ ...found, title: text('上门') })),
  'label a way': (doc) => changeEdge(doc, 'ea', (found) => withProperty(found, 'title', text('加急'))),
  'take a condition away': (doc) => changeEdge(doc, 'ea', (found) => withProperty(found, 'when', undefined)),
  'set a setting': (doc) => setConfig(doc, 'a', 'who', { by: 'customer' }),
  'take a setting away': (doc) => setConfig(doc, 'task', 'who', undefined),
  'make a way the default': (doc) => makeDefault(doc, 'ea'),
  'change the order of ways': (doc) => moveEdge(doc, 'ea', 1),
  'lead an outcome to a step': (doc) => connectFor(doc, 'a', 'task', 'rejected'),
  'draw a step for an outcome': (doc) => addForOutcome(doc, 'a', { ...newNode(doc, typeNamed('user_task')), uid: 'new' }, 'rejected'),
  'give a way an outcome': (doc) => setOutcome(doc, 'e2', 'rejected'),
  'delete a step': (doc) => remove(doc, [node('choice')]),
  'delete a way': (doc) => remove(doc, [edge('ea')]),
  'delete several': (doc) => remove(doc, [node('a'), edge('e1')]),
  'move steps': (doc) => placed(doc, { a: { x: 1.5, y: 2.5 } }),
  'line steps up': (doc) => aligned(doc, ['a', 'b'], 'y'),
  'draw a revocation': (doc) => withRevocation(doc, TYPES),
  'paste steps': (doc) => pasted(doc, copied(doc, [node('a'), node('b')]) ?? '')?.draft ?? doc,
};

describe.each(Object.entries(EDITS))('%s', (_name, edit) => {
  test('done, undone, redone', () => {
    const before = workflow();
    const history = new History(before);
    const after = edit(before);
    expect(after).not.toEqual(workflow());
    expect(before).toEqual(workflow());
    history.change(after);
    history.undo();
    expect(history.present).toBe(before);
    history.redo();
    expect(history.present).toBe(after);
  });

  test('leaves a valid document, every way between steps that are there, at most one default', () => {
    const after = edit(workflow());
    expectValid(after);
    const uids = new Set(after.nodes.map((one) => one.uid));
    expect(after.edges.every((one) => uids.has(one.source) && uids.has(one.target))).toBe(true);
    for (const uid of uids) expect(waysOut(after, uid).filter((one) => one.default).length).toBeLessThan(2);
  });
});

test('a decision never loses its default to a new way, and its first way is the default', () => {
  const doc = connect(workflow(), 'choice', 'task');
  expect(
    waysOut(doc, 'choice')
      .filter((one) => one.default)
      .map((one) => one.uid),
  ).toEqual(['ez']);
  const bare = addNode(workflow(), { ...newNode(workflow(), typeNamed('decide')), uid: 'fresh' }, { x: 0, y: 0 });
  const once = connect(bare, 'fresh', 'a', [], 'f1');
  expect(waysOut(connect(once, 'fresh', 'b', [], 'f2'), 'fresh').map((one) => Boolean(one.default))).toEqual([true, false]);
});

test('an inserted step keeps what the way said, and goes on to where it led', () => {
  const doc = insertOnEdge(workflow(), 'ea', { ...task(workflow()), uid: 'new' }, { x: 0, y: 0 });
  expect(doc.edges.find((one) => one.uid === 'ea')).toMatchObject({ source: 'choice', target: 'new', when: { combinator: 'and' } });
  expect(waysOut(doc, 'new').map((one) => one.target)).toEqual(['a']);
});

test('an inserted step covers no other: what stands further right gives way', () => {
  const doc = insertOnEdge(workflow(), 'e1', { ...task(workflow()), uid: 'new' }, { x: 100, y: 0 });
  const points = Object.values(doc.layout?.nodes ?? {});
  const covers = points.some((one, index) =>
    points.slice(index + 1).some((other) => Math.abs(one.x - other.x) < CARD.width && Math.abs(one.y - other.y) < CARD.height),
  );
  expect(covers).toBe(false);
});

test('behind a step whose one way out is taken, a new one goes into that way', () => {
  const doc = addAfter(workflow(), 'task', { ...task(workflow()), uid: 'new' }, TYPES);
  expect(waysOut(doc, 'task').map((one) => one.target)).toEqual(['new']);
  expect(waysOut(doc, 'new').map((one) => one.target)).toEqual(['choice']);
});

test('what cannot be connected', () => {
  const doc = workflow();
  expect(mayConnect(doc, 'a', 'end', TYPES)).toBe(true);
  for (const [from, to] of [
    ['a', 'a'],
    ['a', 'start'],
    ['end', 'a'],
    ['choice', 'a'],
    ['a', 'nowhere'],
  ] as const)
    expect(mayConnect(doc, from, to, TYPES)).toBe(false);
});

test('the order changes among the ways that are asked, not around the default', () => {
  const order = (doc: WorkflowDoc) =>
    waysOut(doc, 'choice')
      .filter((one) => !one.default)
      .map((one) => one.uid);
  expect(order(moveEdge(workflow(), 'ea', 1))).toEqual(['eb', 'ea']);
  expect(moveEdge(workflow(), 'ea', -1)).toEqual(workflow());
  expect(moveEdge(workflow(), 'eb', 1)).toEqual(workflow());
});

test('a default has no condition', () => {
  const made = makeDefault(workflow(), 'ea').edges.filter((one) => one.source === 'choice');
  expect(made.map((one) => [one.uid, Boolean(one.default), Boolean(one.when)])).toEqual([
    ['ea', true, false],
    ['eb', false, true],
    ['ez', false, false],
  ]);
});

test('a second step of a name gets a number', () => {
  const doc = workflow();
  const once = addNode(doc, task(doc), { x: 0, y: 0 });
  expect(task(once).title).toEqual({ 'zh-Hans': 'user_task 2', en: 'user_task en 2' });
});

test('pasted steps have identities of their own, point at each other, and bring no second start', () => {
  const doc = workflow();
  const found = pasted(
    doc,
    copied(
      doc,
      doc.nodes.map((one) => node(one.uid)),
    ) ?? '',
  );
  expect(found?.draft.nodes.filter((one) => one.type === 'start')).toHaveLength(1);
  expect(new Set(found?.draft.nodes.map((one) => one.uid)).size).toBe(11);
  const copyOfB = found?.draft.nodes.at(-2);
  expect((copyOfB?.config?.['who'] as { node: string }).node).toBe(found?.draft.nodes.at(-3)?.uid);
  expect(pasted(doc, 'some text')).toBeNull();
  expect(pasted(doc, '{"is": "else"}')).toBeNull();
});

test('a free point is where no card stands', () => {
  const at = freePoint(workflow(), { x: 283, y: 5 });
  expect(at.y).toBeGreaterThanOrEqual(CARD.height);
});

test('places by pointer', () => {
  const doc = workflow();
  expect(put(doc, ['nodes', 1, 'config', 'form'], 'x').nodes[1]?.config).toEqual({ who: { by: 'initiator' }, form: 'x' });
  expect(put(doc, ['nodes', 1], undefined).nodes).toHaveLength(5);
  const problem = {
    code: 'c',
    params: {},
    severity: 'error' as const,
    nodes: [],
    edges: [],
    fields: [],
    path: '/nodes/1/config/who',
    message: '',
    advice: '',
  };
  expect(problemsAt([problem], '/nodes/1/config')).toHaveLength(1);
  expect(problemsAt([problem], '/nodes/1/conf')).toHaveLength(0);
});

test('a further way out of a step that has its main way is for an outcome, each once', () => {
  const doc = { ...workflow(), nodes: workflow().nodes.map((one) => (one.uid === 'a' ? { ...one, type: 'approval' } : one)) };
  const on = (found: WorkflowDoc, target: string) => found.edges.find((one) => one.source === 'a' && one.target === target)?.on;
  const bare = remove(doc, doc.edges.filter((one) => one.source === 'a').map((one) => edge(one.uid)));
  const three = ['end', 'b', 'choice'].reduce((found, target) => connect(found, 'a', target, TYPES), bare);
  expect(['end', 'b', 'choice'].map((target) => on(three, target))).toEqual([undefined, 'rejected', 'deadline']);
  expectValid(three);
  const moved = reconnect(three, three.edges.find((one) => one.on === 'rejected')?.uid ?? '', 'task', 'b');
  expect(moved.edges.filter((one) => one.on)).toHaveLength(1);
});

test('an outcome takes the place of a condition, and may be taken away again', () => {
  const rejected = setOutcome(workflow(), 'ea', 'rejected');
  expect(rejected.edges.find((one) => one.uid === 'ea')).toEqual({ uid: 'ea', source: 'choice', target: 'a', on: 'rejected' });
  expect(setOutcome(rejected, 'ea', undefined).edges.find((one) => one.uid === 'ea')).toEqual({ uid: 'ea', source: 'choice', target: 'a' });
});

test('an outcome that has its way is offered no more', () => {
  const type = typeNamed('approval');
  const doc = { ...workflow(), nodes: workflow().nodes.map((one) => (one.uid === 'a' ? { ...one, type: 'approval' } : one)) };
  expect(freeOutcomes(doc, 'a', type)).toEqual(['rejected', 'deadline']);
  const drawn = addForOutcome(doc, 'a', { ...newNode(doc, typeNamed('end')), uid: 'refused' }, 'rejected');
  expect(freeOutcomes(drawn, 'a', type)).toEqual(['deadline']);
  expect(drawn.edges.find((one) => one.target === 'refused')).toMatchObject({ source: 'a', on: 'rejected' });
});

test('a revocation is drawn below all else, and goes with all that only it leads to', () => {
  const before = workflow();
  const doc = withRevocation(before, TYPES);
  const drawn = doc.nodes.slice(before.nodes.length);
  expect(drawn.map((one) => one.type)).toEqual(['revoke', 'approval', 'end']);
  expect(doc.edges.slice(before.edges.length).map((one) => [one.source, one.target])).toEqual([
    [drawn[0]?.uid, drawn[1]?.uid],
    [drawn[1]?.uid, drawn[2]?.uid],
  ]);
  const lowest = Math.max(...Object.values(before.layout?.nodes ?? {}).map((point) => point.y));
  expect(drawn.every((one) => (doc.layout?.nodes?.[one.uid]?.y ?? 0) > lowest)).toBe(true);
  const shared = connectFor(doc, drawn[1]?.uid ?? '', 'end', 'rejected');
  expect(withoutRevocation(shared)).toEqual(before);
  expect([entryOf(doc)?.uid, entryOf(before)]).toEqual([drawn[0]?.uid, undefined]);
});
