/** Every edit of a workflow: done, undone, redone; valid after each; the original untouched. */
import { describe, expect, test } from 'vitest';

import { aligned, distributed } from '../src/builder/workflow/align';
import { copied, pasted } from '../src/builder/workflow/clipboard';
import {
  addAfter,
  addNode,
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
  onlyWay,
  placed,
  reconnect,
  setConfig,
  waysOut,
  withProperty,
  setOutcome,
  addForOutcome,
  connectFor,
  freeOutcomes,
} from '../src/builder/workflow/edits';
import { addNote, noteOf, setNote } from '../src/builder/workflow/notes';
import { removalWords, remove } from '../src/builder/workflow/removing';
import { othersFor, retyped } from '../src/builder/workflow/retype';
import { entryOf, withoutRevocation, withRevocation } from '../src/builder/workflow/revocation';
import { History } from '../src/core/history';
import { problemsAt, put } from '../src/core/pointer';
import type { FlowNode, Place, WorkflowDoc } from '../src/core/types';
import { expectValid, text, TYPES, typeNamed, workflow } from './documents';

const task = (doc: WorkflowDoc) => newNode(doc, typeNamed('user_task'));
const node = (uid: string): Place => ({ group: 'nodes', uid });
const edge = (uid: string): Place => ({ group: 'edges', uid });

const noted = (doc: WorkflowDoc) => addNote(doc, { uid: 'note', text: text('先问仓库') }, { x: 400, y: -96 });

function pastedInto(doc: WorkflowDoc, part: string | null) {
  const found = pasted(doc, part ?? '');
  if (!found || 'refused' in found) throw new Error(found?.refused ?? 'nothing of ours');
  return found;
}

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
  'draw a revocation': (doc) => withRevocation(doc, TYPES),
  'line steps up': (doc) => aligned(doc, ['a', 'b'], 'bottom'),
  'spread steps': (doc) => distributed(doc, ['task', 'choice', 'a'], 'x'),
  'paste steps': (doc) => pastedInto(doc, copied(doc, [node('a'), node('b')])).draft,
  'change the type of a step': (doc) => retyped(doc, 'choice', typeNamed('fork'), TYPES),
  'make a step a decision': (doc) => retyped(doc, 'task', typeNamed('decide'), TYPES),
  'add a note': (doc) => addNote(doc, { uid: 'note', text: text('先问仓库') }, { x: 1.2, y: 2 }),
  'write a note': (doc) => setNote(noted(doc), 'note', text('改了')),
  'delete a note': (doc) => remove(noted(doc), [{ group: 'notes', uid: 'note' }]),
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
  const found = pastedInto(doc, copied(doc, doc.nodes.map((one) => node(one.uid))));
  expect(found.draft.nodes.filter((one) => one.type === 'start')).toHaveLength(1);
  expect(new Set(found.draft.nodes.map((one) => one.uid)).size).toBe(11);
  const copyOfB = found.draft.nodes.at(-2);
  expect((copyOfB?.config?.['who'] as { node: string }).node).toBe(found.draft.nodes.at(-3)?.uid);
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

test('the main way of a step that has no room for a second is led elsewhere; one for an outcome is not', () => {
  const drawn = connectFor(workflow(), 'a', 'b', 'deadline');
  expect(onlyWay(drawn, 'a', typeNamed('user_task'))).toBe(drawn.edges.find((one) => one.source === 'a' && !one.on));
  expect(onlyWay(drawn, 'choice', typeNamed('decide'))).toBeUndefined();
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

test('a revocation puts back what the steps of the workflow add to records', () => {
  const values = [{ uid: 'v', field: 'stock', how: 'add', formula: '-1' }];
  const writes = ['part', 'part', 'tool'].map((entity, index): FlowNode => ({ ...task(workflow()), uid: `w${index}`, type: 'write_record', config: { entity, values } }));
  const doc = withRevocation({ ...workflow(), nodes: [...workflow().nodes, ...writes] }, TYPES);
  expect(doc.nodes.slice(-5).map((one) => [one.type, one.config?.['entity']])).toEqual([
    ['revoke', undefined],
    ['approval', undefined],
    ['put_back', 'part'],
    ['put_back', 'tool'],
    ['end', undefined],
  ]);
});

test('a step taken out of a line leaves the line whole, also several of them', () => {
  const ways = (doc: WorkflowDoc) => doc.edges.map((one) => `${one.source}>${one.target}`);
  expect(ways(remove(workflow(), [node('task')]))).toContain('start>choice');
  const longer = insertOnEdge(workflow(), 'e1', { ...task(workflow()), uid: 'first' }, { x: 0, y: 0 });
  expect(ways(remove(longer, [node('first'), node('task')]))).toContain('start>choice');
  expect(ways(remove(workflow(), [node('choice')]))).toEqual(['start>task']);
  const ring = connect(connect(workflow(), 'a', 'b'), 'b', 'a');
  expect(ways(remove(ring, [node('a'), node('b')]))).toEqual(['start>task', 'task>choice', 'choice>end']);
});

test('其他情况 is not deleted while there is another way, and passes on where it must', () => {
  const otherwise = (doc: WorkflowDoc) => waysOut(doc, 'choice').filter((one) => one.default).map((one) => one.uid);
  const doc = workflow();
  expect(remove(doc, [edge('ez')])).toBe(doc);
  expect(removalWords(doc, doc, [edge('ez')])).toContain('其他情况');
  expect(otherwise(remove(doc, [edge('ea'), edge('eb'), edge('ez')]))).toEqual([]);
  const without = remove(doc, [node('end')]);
  expect(otherwise(without)).toEqual(['eb']);
  expect(waysOut(without, 'choice').find((one) => one.default)?.when).toBeUndefined();
  expect(removalWords(doc, without, [node('end')])).toContain('“b”');
  expect(removalWords(doc, remove(doc, [node('a')]), [node('a')])).toBe('');
  expect(reconnect(doc, 'ez', 'task', 'end')).toBe(doc);
  expectValid(without);
});

test('a newly drawn step says what such a step says at first; what is drawn already keeps what it says', () => {
  const back = { enum: ['none', 'any'], default: 'none' };
  const approval = { ...typeNamed('approval'), config: { properties: { mode: {}, send_back: { ...back, 'x-drawn': 'any' } } } };
  expect(newNode(workflow(), approval).config).toEqual({ send_back: 'any' });
  const user = { ...typeNamed('user_task'), config: { properties: { send_back: back } } };
  const became = (doc: WorkflowDoc) => retyped(doc, 'task', approval, [user, approval]).nodes.find((one) => one.uid === 'task')?.config;
  expect(became(workflow())).toEqual({ send_back: 'any' });
  expect(became(setConfig(workflow(), 'task', 'send_back', 'none'))).toEqual({ send_back: 'none' });
});

test('a step of another type keeps what fits: its name, like settings, ways for the same outcomes', () => {
  const people = { type: 'object', 'x-widget': 'people' };
  const approval = { ...typeNamed('approval'), config: { properties: { who: people, mode: { enum: ['any', 'all'] } } } };
  const user = { ...typeNamed('user_task'), config: { properties: { who: people, mode: { enum: ['any'] }, form: { type: 'string' } } } };
  const set = setConfig(setConfig(workflow(), 'task', 'mode', 'any'), 'task', 'form', 'x');
  const found = retyped(set, 'task', approval, [user, approval]).nodes.find((one) => one.uid === 'task');
  expect(found).toMatchObject({ type: 'approval', title: text('task'), config: { who: { by: 'initiator' }, mode: 'any' } });
  expect(found?.config).not.toHaveProperty('form');
  const all = retyped(setConfig(retyped(set, 'task', approval, [user, approval]), 'task', 'mode', 'all'), 'task', user, [user, approval]);
  expect(all.nodes.find((one) => one.uid === 'task')?.config).toEqual({ who: { by: 'initiator' } });

  const fresh = addNode(workflow(), { ...task(workflow()), uid: 'new' }, { x: 0, y: 0 });
  expect(retyped(fresh, 'new', approval, [user, approval]).nodes.at(-1)?.title).toEqual(approval.title);
  const rejecting = connectFor(retyped(set, 'task', approval, [user, approval]), 'task', 'end', 'rejected');
  expect(waysOut(retyped(rejecting, 'task', user, [user, approval]), 'task').map((one) => one.target)).toEqual(['choice']);
});

test('a decision that becomes another step asks no more; one that is made has its 其他情况', () => {
  expect(waysOut(retyped(workflow(), 'choice', typeNamed('fork'), TYPES), 'choice').every((one) => !one.when && !one.default)).toBe(true);
  expect(waysOut(retyped(workflow(), 'task', typeNamed('decide'), TYPES), 'task').map((one) => one.default)).toEqual([true]);
  expect(waysOut(retyped(workflow(), 'choice', typeNamed('end'), TYPES), 'choice')).toEqual([]);
  expect(othersFor(workflow(), 'task', TYPES).map((one) => one.name)).not.toContain('start');
});

test('lined up by each side, and spread evenly', () => {
  const of = (doc: WorkflowDoc, axis: 'x' | 'y', ...uids: string[]) => uids.map((uid) => doc.layout?.nodes?.[uid]?.[axis]);
  const uids = ['start', 'a', 'end'];
  expect(of(aligned(workflow(), uids, 'left'), 'x', ...uids)).toEqual([0, 0, 0]);
  expect(of(aligned(workflow(), uids, 'right'), 'x', ...uids)).toEqual([980, 980, 980]);
  expect(of(aligned(workflow(), uids, 'centre'), 'x', ...uids)).toEqual([490, 490, 490]);
  expect(of(aligned(workflow(), uids, 'top'), 'y', ...uids)).toEqual([-96, -96, -96]);
  expect(of(aligned(workflow(), uids, 'bottom'), 'y', ...uids)).toEqual([96, 96, 96]);
  const tall = aligned(noted(workflow()), ['note', 'a'], 'bottom').layout?.nodes;
  expect((tall?.['note']?.y ?? 0) + 60).toBe((tall?.['a']?.y ?? 0) + CARD.height);
  expect(of(distributed(workflow(), ['start', 'task', 'a'], 'x'), 'x', 'start', 'task', 'a')).toEqual([0, 490, 980]);
  const two = workflow();
  expect(distributed(two, ['start', 'a'], 'x')).toBe(two);
  expect(aligned(two, ['start', 'task'], 'top')).toBe(two);
});

test('what is no whole part of a workflow is not pasted, and why is said', () => {
  const doc = workflow();
  const part = JSON.parse(copied(noted(doc), [node('a'), node('b'), { group: 'notes', uid: 'note' }]) ?? '') as Record<string, never>;
  const refusal = (change: object) => pasted(doc, JSON.stringify({ ...part, ...change }));
  const one = { uid: 'n', type: 'user_task', title: text('n') };
  expect(pastedInto(doc, JSON.stringify(part)).draft.notes).toHaveLength(1);
  for (const broken of [
    { nodes: {} },
    { nodes: [{ ...one, uid: '../x' }] },
    { nodes: [{ ...one, title: 'n' }] },
    { nodes: [{ ...one, title: { en: 'x'.repeat(2001) } }] },
    { nodes: [{ ...one, config: { level: 1.5 } }] },
    { nodes: [{ ...one, more: 1 }] },
    { nodes: Array.from({ length: 501 }, () => one) },
    { edges: [{ uid: 'e', source: 'a', target: 'b', when: 'always' }] },
    { edges: [{ uid: 'e', source: 'a', target: 'b', when: { combinator: 'xor', rules: [] } }] },
    { points: { a: { x: 1e300, y: 0 } } },
    { points: [] },
    { notes: [{ uid: 'x', text: {} }] },
  ])
    expect(refusal(broken), JSON.stringify(broken).slice(0, 80)).toEqual({ refused: 'builder.paste.broken' });
  expect(pasted(doc, JSON.stringify(part).slice(0, -5))).toEqual({ refused: 'builder.paste.broken' });
  expect(pasted({ ...doc, nodes: Array.from({ length: 1999 }, (_, index) => ({ ...one, uid: `n${index}` })) }, JSON.stringify(part))).toEqual({ refused: 'builder.paste.too_many' });
  expect(noteOf(pastedInto(noted(doc), JSON.stringify(part)).draft, 'note')).toBeDefined();
});
