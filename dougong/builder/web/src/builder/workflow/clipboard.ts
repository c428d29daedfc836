/** Copy and paste of steps with the ways between them, as text: also from one workflow to another. */
import type { FlowEdge, FlowNode, Place, Point, WorkflowDoc } from '../../core/types';
import { newUid } from '../../core/uid';
import { placed, pointOf } from './edits';

const MARK = 'dougong/workflow-part';
const SHIFT = 40;

interface Part {
  is: typeof MARK;
  nodes: FlowNode[];
  edges: FlowEdge[];
  points: Record<string, Point>;
}

export function copied(doc: WorkflowDoc, places: readonly Place[]): string | null {
  const uids = new Set(places.filter((place) => place.group === 'nodes').map((place) => place.uid));
  const nodes = doc.nodes.filter((node) => uids.has(node.uid));
  if (!nodes.length) return null;
  const edges = doc.edges.filter((edge) => uids.has(edge.source) && uids.has(edge.target));
  const points = Object.fromEntries(nodes.map((node) => [node.uid, pointOf(doc, node.uid)]));
  const part: Part = { is: MARK, nodes, edges, points };
  return JSON.stringify(part);
}

/** With new identities, a little beside where it was; beside a copy that stands there already, further on. */
export function pasted(doc: WorkflowDoc, text: string): { draft: WorkflowDoc; places: Place[] } | null {
  const part = read(text);
  if (!part) return null;
  const hasStart = doc.nodes.some((node) => node.type === 'start');
  const kept = part.nodes.filter((node) => !(hasStart && node.type === 'start'));
  const fresh = new Map(kept.map((node) => [node.uid, newUid()]));
  const nodes = kept.map((node) => ({ ...node, uid: fresh.get(node.uid) ?? newUid(), config: renamed(node.config, fresh) }));
  const edges = part.edges
    .filter((edge) => fresh.has(edge.source) && fresh.has(edge.target))
    .map((edge) => ({ ...edge, uid: newUid(), source: fresh.get(edge.source) ?? '', target: fresh.get(edge.target) ?? '' }));
  const shift = freeShift(doc, Object.values(part.points));
  const points = Object.fromEntries(
    kept.map(({ uid }) => {
      const from = part.points[uid] ?? { x: 0, y: 0 };
      return [fresh.get(uid) ?? '', { x: from.x + shift, y: from.y + shift }];
    }),
  );
  const draft = placed({ ...doc, nodes: [...doc.nodes, ...nodes], edges: [...doc.edges, ...edges] }, points);
  return { draft, places: nodes.map(({ uid }) => ({ group: 'nodes', uid })) };
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

function read(text: string): Part | null {
  try {
    const part = JSON.parse(text) as Part;
    return part.is === MARK &&
      Array.isArray(part.nodes) &&
      Array.isArray(part.edges) &&
      part.nodes.every((node) => node.uid && node.type && node.title)
      ? part
      : null;
  } catch {
    return null;
  }
}
