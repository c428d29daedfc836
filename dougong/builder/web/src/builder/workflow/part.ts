/** A part of a workflow on the clipboard, read with suspicion: what the server would refuse as a draft is not pasted. */
import type { FlowEdge, FlowNode, Note, Point } from '../../core/types';

const MARK = 'dougong/workflow-part';
/** What the schemas and the canonical form allow (`schemas/`, `runtime/canonical.py`); a part may be large, not endless. */
const MOST = { signs: 2_000_000, nodes: 500, edges: 1500, notes: 200, depth: 40, place: 1_000_000, text: 2000, string: 100_000 };
const UID = /^[A-Za-z0-9_-]{1,40}$/;
const KEY = /^[a-z][a-z0-9_]{0,39}$/;
const TAG = /^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/;

export interface Part {
  is: typeof MARK;
  nodes: FlowNode[];
  edges: FlowEdge[];
  notes?: Note[];
  points: Record<string, Point>;
}

export function written(part: Omit<Part, 'is'>): string {
  return JSON.stringify({ is: MARK, ...part });
}

/** Null: it is nothing of ours. `broken`: it says that it is, but is not whole. */
export function read(text: string): Part | 'broken' | null {
  if (!text.includes(MARK)) return null;
  if (text.length > MOST.signs) return 'broken';
  try {
    const found: unknown = JSON.parse(text);
    return isPart(found) ? found : 'broken';
  } catch {
    return 'broken';
  }
}

type Fields = Record<string, unknown>;

function isPart(found: unknown): found is Part {
  if (!isFields(found) || found['is'] !== MARK || !isKept(found)) return false;
  const { nodes, edges, notes = [], points } = found;
  return listOf(nodes, MOST.nodes, isNode) && listOf(edges, MOST.edges, isEdge) && listOf(notes, MOST.notes, isNote) && isFields(points) && Object.values(points).every(isPoint);
}

function isNode(one: Fields): boolean {
  return only(one, 'uid', 'type', 'title', 'config') && matches(UID, one['uid']) && matches(KEY, one['type']) && isText(one['title']) && maybe(one['config'], isFields);
}

function isEdge(one: Fields): boolean {
  return (
    only(one, 'uid', 'source', 'target', 'title', 'when', 'default', 'on') &&
    [one['uid'], one['source'], one['target']].every((uid) => matches(UID, uid)) &&
    maybe(one['title'], isText) && maybe(one['when'], isTree) && maybe(one['on'], (on) => matches(KEY, on)) && maybe(one['default'], (is) => typeof is === 'boolean')
  );
}

function isNote(one: Fields): boolean {
  return only(one, 'uid', 'text') && matches(UID, one['uid']) && isText(one['text']);
}

function isPoint(point: unknown): boolean {
  return isFields(point) && only(point, 'x', 'y') && [point['x'], point['y']].every((value) => Number.isInteger(value) && Math.abs(value as number) <= MOST.place);
}

function isText(text: unknown): boolean {
  return isFields(text) && Object.entries(text).length > 0 && Object.entries(text).every(([tag, words]) => TAG.test(tag) && typeof words === 'string' && words.length <= MOST.text);
}

function isTree(tree: unknown): boolean {
  if (!isFields(tree)) return false;
  if ('field' in tree) return typeof tree['field'] === 'string' && typeof tree['operator'] === 'string';
  return only(tree, 'uid', 'combinator', 'not', 'rules') && ['and', 'or'].includes(tree['combinator'] as string) && listOf(tree['rules'], 50, isTree);
}

/** Only what the canonical form keeps: whole numbers, no endless texts, not too deep. */
function isKept(value: unknown, depth = 0): boolean {
  if (depth > MOST.depth) return false;
  if (typeof value === 'number') return Number.isSafeInteger(value);
  if (typeof value === 'string') return value.length <= MOST.string;
  return typeof value !== 'object' || value === null || Object.values(value).every((inner) => isKept(inner, depth + 1));
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function listOf(value: unknown, most: number, is: (one: Fields) => boolean): boolean {
  return Array.isArray(value) && value.length <= most && value.every((one) => isFields(one) && is(one));
}

function only(fields: Fields, ...keys: string[]): boolean {
  return Object.keys(fields).every((key) => keys.includes(key));
}

function matches(pattern: RegExp, value: unknown): boolean {
  return typeof value === 'string' && pattern.test(value);
}

function maybe(value: unknown, is: (value: unknown) => boolean): boolean {
  return value === undefined || is(value);
}
