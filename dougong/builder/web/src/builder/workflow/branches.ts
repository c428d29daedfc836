/** Branches that are whole from the beginning: what asks conditions comes with a branch and 其他情况, a fork and an inclusive split with their join, an event-based one with somebody and a clock; a further branch leads to where the others meet. */
import type { Config, FlowNode, NodeType, Point, WorkflowDoc } from '../../core/types';
import { addAfter, addNode, behind, CARD, connect, decides, edgeOf, freePoint, GAP, insertOnEdge, mayConnect, newNode, nodeOf, onlyWay, placed, pointOf, waysInto, waysOut } from './edits';

/** What stands in a branch until somebody says otherwise: the first of these that there is. */
const WORK = ['approval', 'user_task'];
const EVENTS = ['user_task', 'wait'];
const BRANCHING = ['decide', 'some', 'fork', 'first'];
const JOINED: Readonly<Record<string, Config>> = { fork: {}, some: { mode: 'reaching' } };

/** A step into a way by its ＋; what branches comes with its branches. */
export function insertWhole(doc: WorkflowDoc, edge: string, type: NodeType, at: Point, types: readonly NodeType[], node = newNode(doc, type)): { doc: WorkflowDoc; uid: string } {
  const named = (...names: string[]) => names.map((name) => types.find((one) => one.name === name)).find(Boolean);
  const [work, join] = [named(...WORK), named('join')];
  const target = edgeOf(doc, edge)?.target;
  if (!target || !work || !join || !BRANCHING.includes(type.name)) return { doc: insertOnEdge(doc, edge, node, at), uid: node.uid };
  const config = JOINED[type.name];
  const joined = config && { ...newNode(doc, join), config };
  const inserted = insertOnEdge(joined ? insertOnEdge(doc, edge, joined, at) : doc, edge, node, at);
  const to = joined?.uid ?? target;
  const apart = { ...inserted, edges: inserted.edges.filter((one) => !(one.source === node.uid && one.target === to)) };
  const two = type.name === 'first' ? EVENTS.flatMap((name) => named(name) ?? []) : [work, work];
  const [begun, branches] = decides(node) ? [inserted, [work]] : [apart, two]; // 其他情况 goes past the branches
  return { doc: branches.reduce((found, one) => withBranch(found, node.uid, to, one, types), begun), uid: node.uid };
}

/** Behind a step by its ＋: behind one that branches, a further branch; behind the last, on to the end that nobody leads to yet. What branches comes with its branches here too. */
export function addWhole(doc: WorkflowDoc, uid: string, node: FlowNode, types: readonly NodeType[]): WorkflowDoc {
  const type = types.find((one) => one.name === node.type);
  if (type && BRANCHING.includes(type.name)) {
    const end = waysOut(doc, uid).length ? undefined : openEnd(doc, uid, types);
    const led = end && mayConnect(doc, uid, end, types) ? connect(doc, uid, end, types) : doc;
    const only = onlyWay(led, uid, types.find((one) => one.name === nodeOf(doc, uid)?.type));
    if (only) return insertWhole(led, only.uid, type, behind(doc, uid), types, node).doc;
  }
  const from = nodeOf(doc, uid)?.type ?? '';
  const meets = BRANCHING.includes(from) && (!JOINED[from] || waysOut(doc, uid).length > 1) ? meeting(doc, uid) : undefined;
  const added = addAfter(doc, uid, node, types);
  const onward = meets ?? (waysOut(added, node.uid).length ? undefined : openEnd(added, node.uid, types));
  return onward && mayConnect(added, node.uid, onward, types) ? roomBehind(connect(added, node.uid, onward, types), uid, pointOf(added, node.uid).x, onward, node.uid) : added;
}

function openEnd(doc: WorkflowDoc, besides: string, types: readonly NodeType[]): string | undefined {
  const ends = new Set(types.filter((type) => type.ways_out[1] === 0).map((type) => type.name));
  const [only, another] = doc.nodes.filter((node) => ends.has(node.type) && node.uid !== besides && !waysInto(doc, node.uid).length);
  return another ? undefined : only?.uid;
}

/** The first branch stands in the row of its step, where nothing goes past it; the others below. */
function withBranch(doc: WorkflowDoc, from: string, to: string, type: NodeType, types: readonly NodeType[]): WorkflowDoc {
  const node = newNode(doc, type);
  const { x, y } = behind(doc, from);
  const wish = { x, y: waysOut(doc, from).length ? y + 2 * CARD.height : y };
  const roomy = roomBehind(doc, from, wish.x, to);
  const added = addNode(roomy, node, freePoint(roomy, wish));
  return connect(connect(added, from, node.uid, types), node.uid, to, types);
}

/** Where a branch, whose step stands there, leads on to the right, what it leads to gives way, and all that stands further right. */
function roomBehind(doc: WorkflowDoc, from: string, stands: number, to: string, uid = ''): WorkflowDoc {
  const [begins, ends] = [pointOf(doc, from).x, pointOf(doc, to).x];
  const shift = stands + CARD.width + GAP - ends;
  if (ends <= begins || shift <= 0) return doc;
  const further = Object.entries(doc.layout?.nodes ?? {}).filter(([one, { x }]) => x >= ends && one !== uid);
  return placed(doc, Object.fromEntries(further.map(([one, { x, y }]) => [one, { x: x + shift, y }])));
}

/** The nearest step that every way out of this one comes to. */
export function meeting(doc: WorkflowDoc, uid: string): string | undefined {
  const [first, ...others] = waysOut(doc, uid).map((edge) => reach(doc, edge.target));
  return first && [...first].find((one) => one !== uid && others.every((other) => other.has(one)));
}

/** The nearest first. */
function reach(doc: WorkflowDoc, from: string): Set<string> {
  const found = new Set([from]);
  for (const uid of found) for (const edge of waysOut(doc, uid)) found.add(edge.target);
  return found;
}
