/** Copy and paste of steps and notes, with the ways between them, as text: also from one workflow to another. */
import type { FlowNode, Place, Point, WorkflowDoc } from '../../core/types';
import { newUid } from '../../core/uid';
import type { Pasted } from '../editor';
import { placed, pointOf } from './edits';
import { MOST_NOTES } from './notes';
import { read, written, type Part } from './part';

const SHIFT = 40;
/** As the schema says: more a workflow cannot hold. */
const MOST_NODES = 2000;

/** A workflow begins with each of them once. */
const ENTRIES: readonly string[] = ['start', 'revoke'];

export function copied(doc: WorkflowDoc, places: readonly Place[]): string | null {
  const uids = new Set(places.map((place) => place.uid));
  const nodes = doc.nodes.filter((node) => uids.has(node.uid));
  const notes = (doc.notes ?? []).filter((note) => uids.has(note.uid));
  if (!nodes.length && !notes.length) return null;
  const steps = new Set(nodes.map((node) => node.uid));
  const edges = doc.edges.filter((edge) => steps.has(edge.source) && steps.has(edge.target));
  return written({ nodes, edges, notes, points: Object.fromEntries([...nodes, ...notes].map(({ uid }) => [uid, pointOf(doc, uid)])) });
}

/** With new identities, a little beside where it was; beside a copy that stands there already, further on. */
export function pasted(doc: WorkflowDoc, text: string): Pasted<WorkflowDoc> {
  const part = read(text);
  if (part === 'broken') return { refused: 'builder.paste.broken' };
  if (!part) return null;
  const entries = new Set(doc.nodes.map((node) => node.type).filter((type) => ENTRIES.includes(type)));
  const kept = part.nodes.filter((node) => !entries.has(node.type));
  const copies = part.notes ?? [];
  if (doc.nodes.length + kept.length > MOST_NODES || (doc.notes?.length ?? 0) + copies.length > MOST_NOTES) return { refused: 'builder.paste.too_many' };
  const fresh = new Map([...kept, ...copies].map(({ uid }) => [uid, newUid()]));
  const named = (uid: string) => fresh.get(uid) ?? '';
  const nodes = kept.map((node) => ({ ...node, uid: named(node.uid), config: renamed(node.config, fresh) }));
  const notes = copies.map((note) => ({ ...note, uid: named(note.uid) }));
  const edges = part.edges
    .filter((edge) => fresh.has(edge.source) && fresh.has(edge.target))
    .map((edge) => ({ ...edge, uid: newUid(), source: named(edge.source), target: named(edge.target) }));
  const whole = { ...doc, nodes: [...doc.nodes, ...nodes], edges: [...doc.edges, ...edges], ...(notes.length ? { notes: [...(doc.notes ?? []), ...notes] } : {}) };
  const places = [...nodes.map(({ uid }) => ({ group: 'nodes', uid })), ...notes.map(({ uid }) => ({ group: 'notes', uid }))];
  return { draft: placed(whole, freshPoints(doc, part, fresh)), places };
}

function freshPoints(doc: WorkflowDoc, part: Part, fresh: ReadonlyMap<string, string>): Record<string, Point> {
  const shift = freeShift(doc, Object.values(part.points));
  const points = [...fresh].map(([uid, copy]) => {
    const { x, y } = part.points[uid] ?? { x: 0, y: 0 };
    return [copy, { x: x + shift, y: y + shift }] as const;
  });
  return Object.fromEntries(points);
}

function freeShift(doc: WorkflowDoc, points: Point[]): number {
  const taken = new Set(Object.values(doc.layout?.nodes ?? {}).map(({ x, y }) => `${x},${y}`));
  let shift = SHIFT;
  while (points.some(({ x, y }) => taken.has(`${x + shift},${y + shift}`))) shift += SHIFT;
  return shift;
}

/** A step that names the handler of another copied step names the copy. */
function renamed(config: FlowNode['config'], fresh: ReadonlyMap<string, string>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(config ?? {}).map(([key, value]) => {
      const node = (value as { node?: string } | null)?.node;
      return [key, node && fresh.has(node) ? { ...(value as object), node: fresh.get(node) } : value];
    }),
  );
}
