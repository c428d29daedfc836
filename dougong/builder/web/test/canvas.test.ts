/** The canvas without a screen: finding, walking, other views, tidying up, branches that are whole from the beginning. */
import { expect, test } from 'vitest';

import { addWhole, insertWhole, meeting } from '../src/builder/workflow/branches';
import { addNode, CARD, decides, newNode, nodeOf, placed, waysInto, waysOut } from '../src/builder/workflow/edits';
import { found } from '../src/builder/workflow/find';
import { addNote, noteSize } from '../src/builder/workflow/notes';
import { tidied } from '../src/builder/workflow/tidy';
import { framed } from '../src/builder/workflow/view';
import { inLanes, seen } from '../src/builder/workflow/views';
import { neighbour } from '../src/builder/workflow/walk';
import type { FlowNode, WorkflowDoc } from '../src/core/types';
import { expectValid, text, TYPES, typeNamed, workflow } from './documents';
import { triple } from './triple';

const pointsOf = (doc: WorkflowDoc) => doc.layout?.nodes ?? {};
const ways = (doc: WorkflowDoc, uid: string) => waysOut(doc, uid).map((edge) => edge.target);

function expectApart(doc: WorkflowDoc): void {
  const points = doc.nodes.map((node) => pointsOf(doc)[node.uid] ?? { x: NaN, y: NaN });
  points.forEach((one, index) =>
    points.slice(index + 1).forEach((other) => expect(Math.abs(one.x - other.x) >= CARD.width || Math.abs(one.y - other.y) >= CARD.height).toBe(true)),
  );
}

test('found by name in any language, by type, by uid; names that begin so come first', () => {
  const doc = addNote({ ...workflow(), nodes: workflow().nodes.map((node) => (node.uid === 'b' ? { ...node, title: text('派单 a') } : node)) }, { uid: 'n', text: text('先问仓库') }, { x: 0, y: 0 });
  const uids = (query: string) => found(doc, query, TYPES).map((hit) => hit.place.uid);
  expect(uids('a')[0]).toBe('a');
  expect(uids('派单')).toEqual(['b']);
  expect(uids('ＤＥＣＩＤＥ')).toEqual(['choice']);
  expect(uids('仓库')).toEqual(['n']);
  expect(uids('choice en')).toEqual(['choice']);
  expect(uids('  ')).toEqual([]);
  expect(uids('没有')).toEqual([]);
});

test('by keyboard along the ways, and from branch to branch', () => {
  const doc = workflow();
  expect(neighbour(doc, 'start', 'ArrowRight')).toBe('task');
  expect(neighbour(doc, 'choice', 'ArrowRight')).toBe('a');
  expect(neighbour(doc, 'a', 'ArrowLeft')).toBe('choice');
  expect(neighbour(doc, 'a', 'ArrowDown')).toBe('b');
  expect(neighbour(doc, 'b', 'ArrowUp')).toBe('a');
  expect(neighbour(doc, 'end', 'ArrowDown')).toBeUndefined();
  expect(neighbour(doc, 'end', 'ArrowRight')).toBeUndefined();
});

test('a view changes no document; laid out, everything runs from left to right', () => {
  const doc = workflow();
  expect(seen(doc, 'free', () => '').doc).toBe(doc);
  const { doc: straight } = seen(doc, 'straight', () => '');
  expect({ ...straight, layout: doc.layout }).toEqual(doc);
  expectApart(straight);
  for (const edge of doc.edges) expect(pointsOf(straight)[edge.target]?.x).toBeGreaterThan(pointsOf(straight)[edge.source]?.x ?? Infinity);
});

test('in lanes each stands in that of who does it; what nobody does stands with the step before', () => {
  const who: Record<string, string> = { task: '客服', a: '工程师', b: '工程师' };
  const { points, lanes } = inLanes(workflow(), (node: FlowNode) => who[node.uid] ?? '');
  expect(lanes.map((lane) => lane.title)).toEqual(['', '客服', '工程师']);
  const laneOf = (uid: string) => lanes.find((lane) => (points[uid]?.y ?? NaN) >= lane.top && (points[uid]?.y ?? NaN) + CARD.height <= lane.top + lane.height)?.title;
  expect(['start', 'task', 'choice', 'a', 'b', 'end'].map(laneOf)).toEqual(['', '客服', '客服', '工程师', '工程师', '客服']);
  expectApart({ ...workflow(), layout: { nodes: points } });
  const noted = seen(addNote(workflow(), { uid: 'n', text: text('看这里') }, { x: 980, y: -200 }), 'lanes', (node) => who[node.uid] ?? '');
  expect((pointsOf(noted.doc)['n']?.y ?? 0) - (pointsOf(noted.doc)['a']?.y ?? 0)).toBe(-104);
});

test('tidying up leaves what stands well, and moves what covers, runs backwards or is a little out of line', () => {
  const doc = workflow();
  expect(tidied(doc)).toBe(doc);
  const messy = placed(doc, { task: { x: 283, y: 5 }, a: { x: 990, y: 10 }, end: { x: 300, y: 8 } });
  const tidy = triple(messy, tidied);
  expectApart(tidy);
  expectValid(tidy);
  expect(pointsOf(tidy)['task']).toEqual({ x: 283, y: 0 });
  expect(pointsOf(tidy)['start']).toBe(pointsOf(messy)['start']);
  expect(pointsOf(tidy)['choice']).toEqual(pointsOf(messy)['choice']);
  expect(pointsOf(tidy)['end']?.x).toBeGreaterThan(pointsOf(tidy)['choice']?.x ?? Infinity);
  expect(tidied(tidy)).toBe(tidy);
  const heap = { ...doc, layout: {} };
  expectApart(triple(heap, tidied));
});

test('a decision put into a way has a branch and 其他情况, both going on to where the way went', () => {
  let uid = '';
  const doc = triple(workflow(), (found) => {
    const inserted = insertWhole(found, 'e2', typeNamed('decide'), { x: 0, y: 0 }, TYPES);
    uid = inserted.uid;
    return inserted.doc;
  });
  expectValid(doc);
  expect(ways(doc, 'task')).toEqual([uid]);
  const [otherwise, branch] = waysOut(doc, uid);
  expect(otherwise).toMatchObject({ target: 'choice', default: true });
  expect(branch?.default).toBeUndefined();
  expect(ways(doc, branch?.target ?? '')).toEqual(['choice']);
});

test('a fork put into a way has two branches and their join', () => {
  const { doc, uid } = insertWhole(workflow(), 'e2', typeNamed('fork'), { x: 0, y: 0 }, TYPES);
  expectValid(doc);
  expect(ways(doc, uid)).toHaveLength(2);
  const joined = new Set(ways(doc, uid).flatMap((one) => ways(doc, one)));
  expect([...joined].map((one) => nodeOf(doc, one)?.type)).toEqual(['join']);
  expect(ways(doc, [...joined][0] ?? '')).toEqual(['choice']);
  expect(waysOut(doc, uid).some((edge) => edge.default)).toBe(false);
});

test('a fork behind a step comes with its branches and their join, as it does into a way', () => {
  const fork = (doc: WorkflowDoc) => ({ ...newNode(doc, typeNamed('fork')), uid: 'fork' });
  const bare = { ...workflow(), nodes: workflow().nodes.filter((node) => ['start', 'end'].includes(node.type)), edges: [] };
  for (const [doc, uid, onward] of [[workflow(), 'task', 'choice'], [bare, 'start', 'end']] as const) {
    const drawn = triple(doc, (found) => addWhole(found, uid, fork(found), TYPES));
    expectValid(drawn);
    expect([ways(drawn, uid), ways(drawn, 'fork').length]).toEqual([['fork'], 2]);
    const joined = new Set(ways(drawn, 'fork').flatMap((one) => ways(drawn, one)));
    expect([...joined].flatMap((one) => ways(drawn, one))).toEqual([onward]);
    const [first, second] = ways(drawn, 'fork').map((one) => pointsOf(drawn)[one]?.y);
    expect([first === pointsOf(drawn)['fork']?.y, (second ?? 0) > (first ?? 0)]).toEqual([true, true]);
    const more = addWhole(drawn, 'fork', { ...newNode(drawn, typeNamed('user_task')), uid: 'third' }, TYPES);
    expect(new Set(ways(more, 'fork').map((one) => pointsOf(more)[one]?.x)).size).toBe(1);
    const longer = addWhole(more, 'third', { ...newNode(more, typeNamed('user_task')), uid: 'fourth' }, TYPES);
    expect(pointsOf(longer)['fourth']?.y).toBe(pointsOf(longer)['third']?.y);
    expectApart(drawn);
  }
});

test('an inclusive split comes with a branch, 其他情况 and the join of what is taken; one for events with somebody and a clock', () => {
  const some = insertWhole(workflow(), 'e2', typeNamed('some'), { x: 0, y: 0 }, TYPES);
  expectValid(some.doc);
  const joins = new Set(waysOut(some.doc, some.uid).flatMap((edge) => (edge.default ? [edge.target] : ways(some.doc, edge.target))));
  expect([...joins].map((one) => nodeOf(some.doc, one))).toMatchObject([{ type: 'join', config: { mode: 'reaching' } }]);
  const first = insertWhole(workflow(), 'e2', typeNamed('first'), { x: 0, y: 0 }, TYPES);
  expectValid(first.doc);
  expect(ways(first.doc, first.uid).map((one) => nodeOf(first.doc, one)?.type)).toEqual(['user_task', 'wait']);
  expect(ways(first.doc, first.uid).flatMap((one) => ways(first.doc, one))).toEqual(['choice', 'choice']);
});

test('a second branch of a fork that stands bare in a way does not come back to the first step of the other', () => {
  const bare = { ...workflow(), edges: workflow().edges.map((edge) => (edge.uid === 'e2' ? { ...edge, target: 'f' } : edge)), nodes: [...workflow().nodes, { ...newNode(workflow(), typeNamed('fork')), uid: 'f' }] };
  const led = { ...bare, edges: [...bare.edges, { uid: 'on', source: 'f', target: 'choice' }] };
  const doc = addWhole(led, 'f', { ...newNode(led, typeNamed('wait')), uid: 'second' }, TYPES);
  expect([ways(doc, 'f'), ways(doc, 'second')]).toEqual([['choice', 'second'], []]);
});

test('a branch leads on to the right: what it leads to gives way', () => {
  const bare = { ...workflow(), nodes: workflow().nodes.filter((node) => ['start', 'end'].includes(node.type)), edges: [], layout: { nodes: { start: { x: 0, y: 0 }, end: { x: 200, y: 0 } } } };
  const added = (doc: WorkflowDoc, uid: string, type: string, named: string) => addWhole(doc, uid, { ...newNode(doc, typeNamed(type)), uid: named }, TYPES);
  const doc = added(added(bare, 'start', 'decide', 'choice'), 'choice', 'user_task', 'third');
  const branches = ways(doc, 'choice').filter((one) => one !== 'end');
  expect(branches).toHaveLength(2);
  for (const one of branches) expect(pointsOf(doc)['end']?.x).toBeGreaterThan((pointsOf(doc)[one]?.x ?? Infinity) + CARD.width);
});

test('any other step is put into a way as it is', () => {
  const { doc, uid } = insertWhole(workflow(), 'e2', typeNamed('user_task'), { x: 0, y: 0 }, TYPES);
  expect([ways(doc, 'task'), ways(doc, uid)]).toEqual([[uid], ['choice']]);
});

test('a further branch leads to where the others meet', () => {
  const whole = insertWhole(workflow(), 'e2', typeNamed('decide'), { x: 0, y: 0 }, TYPES);
  const node = { ...newNode(whole.doc, typeNamed('user_task')), uid: 'third' };
  expect(meeting(whole.doc, whole.uid)).toBe('choice');
  const doc = triple(whole.doc, (found) => addWhole(found, whole.uid, node, TYPES));
  expect(ways(doc, 'third')).toEqual(['choice']);
  expect(waysInto(doc, 'third').map((edge) => Boolean(edge.default))).toEqual([false]);
  expect(decides(nodeOf(doc, whole.uid))).toBe(true);
  expect(meeting(workflow(), 'choice')).toBeUndefined();
  const apart = addWhole(workflow(), 'choice', node, TYPES);
  expect(ways(apart, 'third')).toEqual([]);
  expectValid(addNode(apart, newNode(apart, typeNamed('end')), { x: 0, y: 0 }));
});

test('a note is as high as its words, within bounds', () => {
  const height = (words: string) => noteSize({ uid: 'n', text: { 'zh-Hans': words } }).height;
  expect(height('短')).toBe(height(''));
  expect(height('长'.repeat(60))).toBeGreaterThan(height('短'));
  expect(height('长'.repeat(5000))).toBe(height('长'.repeat(2000)));
  expect(height('一\n二\n三\n四')).toBeGreaterThan(height('一'));
});

test('behind the last step, a new one leads on to the end that nobody leads to yet', () => {
  const bare = { ...workflow(), nodes: workflow().nodes.filter((node) => ['start', 'end'].includes(node.type)), edges: [] };
  const node = (uid: string) => ({ ...newNode(bare, typeNamed('approval')), uid });
  const one = addWhole(bare, 'start', node('first'), TYPES);
  expect([ways(one, 'start'), ways(one, 'first')]).toEqual([['first'], ['end']]);
  const two = addWhole(one, 'first', node('second'), TYPES);
  expect([ways(two, 'first'), ways(two, 'second')]).toEqual([['second'], ['end']]);
});

test('a fork is brought into view with its branches and where they meet; too far apart, at least from its beginning on', () => {
  const room = { width: 800, height: 700 };
  const isSeen = ({ x, y, zoom }: ReturnType<typeof framed>) => (point: { x: number; y: number }) =>
    Math.abs(point.x + CARD.width / 2 - x) + CARD.width / 2 <= room.width / 2 / zoom && Math.abs(point.y + CARD.height / 2 - y) + CARD.height / 2 <= room.height / 2 / zoom;
  const fork = [{ x: 4000, y: 300 }, { x: 4344, y: 300 }, { x: 4344, y: 428 }, { x: 4688, y: 300 }];
  expect(fork.every(isSeen(framed(fork, room, 1)))).toBe(true);
  expect(framed(fork.slice(0, 1), room, 0.8)).toEqual({ x: 4104, y: 332, zoom: 0.8 });
  const far = [...fork, { x: 9000, y: 300 }];
  expect(far.slice(0, 3).every(isSeen(framed(far, room, 1)))).toBe(true);
});
