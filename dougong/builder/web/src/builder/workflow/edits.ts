/** Edits of a workflow: each takes a document and answers a new one; nothing else is touched. */
import { pick } from '../../core/i18n';
import { same } from '../../core/same';
import type { Config, FlowEdge, FlowNode, NodeType, Point, Text, WorkflowDoc } from '../../core/types';
import { newUid } from '../../core/uid';

export interface Size {
  width: number;
  height: number;
}

export const CARD: Size = { width: 208, height: 64 };
export const GRID = 8;
/** Between two cards, and what a label takes besides. */
export const GAP = 72;
export const LABEL = 136;

/** The types of steps that look at the conditions of their ways out (`conditional` in the node type). */
export const CONDITIONAL: readonly string[] = ['decide', 'some'];

export function decides(node: FlowNode | undefined): boolean {
  return CONDITIONAL.includes(node?.type ?? '');
}

/** What a way is for, in words; '' for the main way. */
export function outcomeWords(edge: FlowEdge, type: NodeType | undefined): string {
  return edge.on ? pick(type?.outcomes?.[edge.on]) || edge.on : '';
}

/** The outcomes of a step that have no way out of their own yet. */
export function freeOutcomes(doc: WorkflowDoc, uid: string, type: NodeType | undefined): string[] {
  const drawn = waysOut(doc, uid).map((edge) => edge.on);
  return Object.keys(type?.outcomes ?? {}).filter((one) => !drawn.includes(one));
}

/** The outcome that a further way out is for: none while there is room among the main ways, else the first that has none yet. */
function nextOutcome(doc: WorkflowDoc, source: string, types: readonly NodeType[]): string | undefined {
  const type = types.find((one) => one.name === nodeOf(doc, source)?.type);
  const [, most] = type?.ways_out ?? [0, null];
  const ways = waysOut(doc, source);
  if (most === null || ways.filter((edge) => !edge.on).length < most) return undefined;
  return freeOutcomes(doc, source, type)[0];
}

export function nodeOf(doc: WorkflowDoc, uid: string): FlowNode | undefined {
  return doc.nodes.find((node) => node.uid === uid);
}

export function edgeOf(doc: WorkflowDoc, uid: string): FlowEdge | undefined {
  return doc.edges.find((edge) => edge.uid === uid);
}

/** The ways out of a step, in their order. */
export function waysOut(doc: WorkflowDoc, uid: string): FlowEdge[] {
  return doc.edges.filter((edge) => edge.source === uid);
}

export function waysInto(doc: WorkflowDoc, uid: string): FlowEdge[] {
  return doc.edges.filter((edge) => edge.target === uid);
}

export function pointOf(doc: WorkflowDoc, uid: string): Point {
  return doc.layout?.nodes?.[uid] ?? { x: 0, y: 0 };
}

/** A new step of a type, called as the type is; a second of the same name gets a number. */
export function newNode(doc: WorkflowDoc, type: NodeType): FlowNode {
  return { uid: newUid(), type: type.name, title: freeTitle(doc, type.title), config: asDrawn(type) };
}

/** What the settings of a newly drawn step say. */
export function asDrawn({ config }: NodeType): Config {
  return Object.fromEntries(Object.entries(config.properties ?? {}).flatMap(([key, one]) => (one['x-drawn'] ? [[key, one['x-drawn']]] : [])));
}

function freeTitle(doc: WorkflowDoc, title: Text): Text {
  const numbered = (number: number): Text =>
    number < 2 ? { ...title } : Object.fromEntries(Object.entries(title).map(([tag, words]) => [tag, `${words} ${number}`]));
  const taken = (wish: Text) => doc.nodes.some((node) => same(node.title, wish));
  let number = 1;
  while (taken(numbered(number))) number += 1;
  return numbered(number);
}

export function addNode(doc: WorkflowDoc, node: FlowNode, at: Point): WorkflowDoc {
  return placed({ ...doc, nodes: [...doc.nodes, node] }, { [node.uid]: at });
}

/** A step into a way: what came over it comes to the step, and goes on from there to where it went. Room is made where there is none. */
export function insertOnEdge(doc: WorkflowDoc, uid: string, node: FlowNode, wish: Point): WorkflowDoc {
  const edge = edgeOf(doc, uid);
  if (!edge) return addNode(doc, node, wish);
  const onward: FlowEdge = { uid: newUid(), source: node.uid, target: edge.target, ...(decides(node) ? { default: true } : {}) };
  const edges = doc.edges.flatMap((one) => (one === edge ? [{ ...one, target: node.uid }, onward] : [one]));
  const [roomy, at] = withRoom({ ...doc, edges }, edge, wish, labelRoom(node));
  return addNode(roomy, node, at);
}

/** Where a step goes between the ends of a way, in the row of the branch that it belongs to; all that stands further right gives way as far as it must. */
function withRoom(doc: WorkflowDoc, edge: FlowEdge, wish: Point, behind: number): [WorkflowDoc, Point] {
  const [from, to] = [pointOf(doc, edge.source), pointOf(doc, edge.target)];
  if (to.x <= from.x) return [doc, freePoint(doc, wish)];
  const first = from.x + CARD.width + GAP + labelRoom(nodeOf(doc, edge.source));
  const last = to.x - CARD.width - GAP - behind;
  const shift = Math.max(0, first - last);
  const further = Object.entries(doc.layout?.nodes ?? {}).filter(([uid, { x }]) => shift && x >= to.x && uid !== edge.source);
  const moved = placed(doc, Object.fromEntries(further.map(([uid, { x, y }]) => [uid, { x: x + shift, y }])));
  const { y } = waysOut(doc, edge.source).length > 1 ? to : from;
  return [moved, { x: snapped(Math.min(Math.max(wish.x, first), last + shift)), y }];
}

/** The ways out of a decision have labels. */
function labelRoom(source: FlowNode | undefined): number {
  return decides(source) ? LABEL : 0;
}

/** May a way lead from here to there at all? (How many there may be is said as a problem.) */
export function mayConnect(doc: WorkflowDoc, source: string, target: string, types: readonly NodeType[]): boolean {
  const type = (uid: string) => types.find((one) => one.name === nodeOf(doc, uid)?.type);
  if (source === target || !nodeOf(doc, source) || !nodeOf(doc, target)) return false;
  if (type(source)?.ways_out[1] === 0 || type(target)?.ways_in[1] === 0) return false;
  return !doc.edges.some((edge) => edge.source === source && edge.target === target);
}

/** A way from step to step. The first way out of a decision is its default; the others get conditions. Where a step has its main way, a further one is for an outcome. */
export function connect(doc: WorkflowDoc, source: string, target: string, types: readonly NodeType[] = [], uid: string = newUid()): WorkflowDoc {
  const on = nextOutcome(doc, source, types);
  const isFirst = decides(nodeOf(doc, source)) && !waysOut(doc, source).some((edge) => edge.default);
  return { ...doc, edges: [...doc.edges, { uid, source, target, ...(isFirst ? { default: true } : {}), ...(on ? { on } : {}) }] };
}

/** The main way of a step that has no room for a second: what connects the step anew leads it elsewhere. */
export function onlyWay(doc: WorkflowDoc, source: string, type: NodeType | undefined): FlowEdge | undefined {
  return type?.ways_out[1] === 1 ? waysOut(doc, source).find((edge) => !edge.on) : undefined;
}

/** A way for an outcome of a step, to another that is there already. */
export function connectFor(doc: WorkflowDoc, source: string, target: string, on: string): WorkflowDoc {
  return { ...doc, edges: [...doc.edges, { uid: newUid(), source, target, on }] };
}

/** A new step that an outcome leads to: below the main way, so that both can be seen. */
export function addForOutcome(doc: WorkflowDoc, uid: string, node: FlowNode, on: string): WorkflowDoc {
  const from = pointOf(doc, uid);
  const wish = { x: from.x + CARD.width + GAP + LABEL, y: from.y + 2 * CARD.height };
  return connectFor(addNode(doc, node, freePoint(doc, wish)), uid, node.uid, on);
}

/** The outcome of its step that a way is for; undefined makes it the main way. It is then asked no condition. */
export function setOutcome(doc: WorkflowDoc, uid: string, on: string | undefined): WorkflowDoc {
  return changeEdge(doc, uid, ({ on: _on, when, default: isDefault, ...edge }) =>
    on ? { ...edge, on } : { ...edge, ...(when ? { when } : {}), ...(isDefault ? { default: isDefault } : {}) },
  );
}

/** Another start or end of a way; it keeps all that it says. 其他情况 stays with its step while that has another way. */
export function reconnect(doc: WorkflowDoc, uid: string, source: string, target: string): WorkflowDoc {
  const former = edgeOf(doc, uid);
  if (former?.default && former.source !== source && waysOut(doc, former.source).length > 1) return doc;
  return changeEdge(doc, uid, (edge) => {
    const { default: wasDefault, on, ...rest } = edge;
    const keeps = wasDefault && (edge.source === source || !waysOut(doc, source).some((one) => one.default));
    const stays = on !== undefined && edge.source === source;
    return { ...rest, source, target, ...(keeps ? { default: true } : {}), ...(stays ? { on } : {}) };
  });
}

export function changeNode(doc: WorkflowDoc, uid: string, change: (node: FlowNode) => FlowNode): WorkflowDoc {
  return { ...doc, nodes: doc.nodes.map((node) => (node.uid === uid ? change(node) : node)) };
}

export function changeEdge(doc: WorkflowDoc, uid: string, change: (edge: FlowEdge) => FlowEdge): WorkflowDoc {
  return { ...doc, edges: doc.edges.map((edge) => (edge.uid === uid ? change(edge) : edge)) };
}

/** A setting of a step; undefined takes it away. */
export function setConfig(doc: WorkflowDoc, uid: string, key: string, value: unknown): WorkflowDoc {
  return changeNode(doc, uid, (node) => {
    const { [key]: _, ...rest } = node.config ?? {};
    return { ...node, config: value === undefined ? rest : { ...rest, [key]: value } };
  });
}

/** A property of the workflow itself, or of a way; undefined takes it away. */
export function withProperty<T extends object, K extends keyof T>(found: T, key: K, value: T[K] | undefined): T {
  const { [key]: _, ...rest } = found;
  return (value === undefined ? rest : { ...rest, [key]: value }) as T;
}

/** 其他情况: there is one among the ways out of a step, and it has no condition. */
export function makeDefault(doc: WorkflowDoc, uid: string): WorkflowDoc {
  const chosen = edgeOf(doc, uid);
  const edges = doc.edges.map((edge) => {
    if (!chosen || edge.source !== chosen.source) return edge;
    if (edge === chosen) return { ...withProperty(edge, 'when', undefined), default: true };
    return withProperty(edge, 'default', undefined);
  });
  return { ...doc, edges };
}

/** Earlier (-1) or later (1) among the ways out of its step that are tried in order. */
export function moveEdge(doc: WorkflowDoc, uid: string, by: -1 | 1): WorkflowDoc {
  const edge = edgeOf(doc, uid);
  const ways = edge ? waysOut(doc, edge.source).filter((one) => !one.default) : [];
  const other = edge && ways[ways.indexOf(edge) + by];
  if (!edge || !other) return doc;
  return { ...doc, edges: doc.edges.map((one) => (one === edge ? other : one === other ? edge : one)) };
}

/** Where the boxes stand: whole numbers, outside what a document says. The same document where all stand there already. */
export function placed(doc: WorkflowDoc, points: Readonly<Record<string, Point>>): WorkflowDoc {
  const stands = doc.layout?.nodes ?? {};
  const whole = Object.entries(points)
    .map(([uid, { x, y }]) => [uid, { x: Math.round(x), y: Math.round(y) }] as const)
    .filter(([uid, { x, y }]) => stands[uid]?.x !== x || stands[uid].y !== y);
  if (!whole.length) return doc;
  return { ...doc, layout: { ...doc.layout, nodes: { ...stands, ...Object.fromEntries(whole) } } };
}

/** The nearest place at or below a point where no card stands. */
export function freePoint(doc: WorkflowDoc, wish: Point): Point {
  const points = Object.values(doc.layout?.nodes ?? {});
  const at = { x: snapped(wish.x), y: snapped(wish.y) };
  while (points.some((point) => Math.abs(point.x - at.x) < CARD.width && Math.abs(point.y - at.y) < CARD.height + GRID))
    at.y += CARD.height + 4 * GRID;
  return at;
}

export function snapped(value: number): number {
  return Math.round(value / GRID) * GRID;
}

/** To the right of a step. */
export function behind(doc: WorkflowDoc, uid: string): Point {
  const { x, y } = pointOf(doc, uid);
  return { x: x + CARD.width + GAP + labelRoom(nodeOf(doc, uid)), y };
}

/** A new step behind another: to the right of it; connected where it may still have a way out, else into its only one. */
export function addAfter(doc: WorkflowDoc, uid: string, node: FlowNode, types: readonly NodeType[]): WorkflowDoc {
  const wish = behind(doc, uid);
  const most = types.find((type) => type.name === nodeOf(doc, uid)?.type)?.ways_out[1];
  const hasRoom = most === null || most === undefined || waysOut(doc, uid).filter((edge) => !edge.on).length < most;
  const [only, another] = waysOut(doc, uid).filter((edge) => !edge.on);
  const goesOn = types.find((type) => type.name === node.type)?.ways_out[1] !== 0;
  if (!hasRoom && only && !another && goesOn) return insertOnEdge(doc, only.uid, node, wish);
  const added = addNode(doc, node, freePoint(doc, wish));
  return hasRoom && mayConnect(added, uid, node.uid, types) ? connect(added, uid, node.uid, types) : added;
}
