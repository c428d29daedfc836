/** Where the cards go by themselves: from left to right, row by row. dagre up to 600 steps; above that layers, without recursion. */
import type { Point, WorkflowDoc } from '../../core/types';
import { CARD, decides, GAP, LABEL, nodeOf, snapped } from './edits';
import { folded } from './fold';
import { waysBack } from './loops';

/** dagre recurses along chains and takes seconds on large dense graphs. */
export const MOST_NODES = 600;
export const MOST_EDGES = 1500;

const ROW_GAP = 32;

export type Points = Record<string, Point>;

export async function arranged(doc: WorkflowDoc): Promise<Points> {
  return folded(doc, await inOneRow(doc));
}

async function inOneRow(doc: WorkflowDoc): Promise<Points> {
  if (doc.nodes.length > MOST_NODES || doc.edges.length > MOST_EDGES) return layered(doc);
  try {
    return await byDagre(doc);
  } catch (error) {
    if (error instanceof RangeError) return layered(doc); // its stack ended
    throw error;
  }
}

async function byDagre(doc: WorkflowDoc): Promise<Points> {
  const { default: dagre } = await import('@dagrejs/dagre');
  const graph = new dagre.graphlib.Graph({ multigraph: true });
  graph.setGraph({ rankdir: 'LR', nodesep: ROW_GAP, ranksep: GAP, edgesep: ROW_GAP });
  for (const node of doc.nodes) graph.setNode(node.uid, { ...CARD });
  const back = waysBack(
    doc.nodes.map((node) => node.uid),
    knownEdges(doc),
  );
  for (const edge of knownEdges(doc)) {
    if (edge.source === edge.target) continue;
    const ends: [string, string] = back.has(edge.uid) ? [edge.target, edge.source] : [edge.source, edge.target];
    const labelled = decides(nodeOf(doc, edge.source)) || edge.title || edge.on;
    graph.setEdge(...ends, { width: labelled ? LABEL : 0, height: labelled ? 24 : 0, labelpos: 'c' }, edge.uid);
  }
  dagre.layout(graph);
  const found = doc.nodes.map(({ uid }) => {
    const { x, y } = graph.node(uid) as Point;
    return [uid, { x: snapped(x - CARD.width / 2), y: snapped(y - CARD.height / 2) }] as const;
  });
  return Object.fromEntries(found);
}

/** Each step one layer behind the last of those it comes from; ways back are left out of account. Iterative. */
export function layered(doc: WorkflowDoc): Points {
  const layers = layersOf(doc);
  const before = predecessors(doc);
  const row = new Map<string, number>();
  const points: Points = {};
  layers.forEach((layer, index) => {
    const weight = (uid: string) => {
      const rows = (before.get(uid) ?? []).map((one) => row.get(one)).filter((one) => one !== undefined);
      return rows.length ? rows.reduce((sum, one) => sum + one, 0) / rows.length : Number.MAX_SAFE_INTEGER;
    };
    const ordered = layer.map((uid) => [weight(uid), uid] as const).sort(([one], [other]) => one - other);
    const middle = (ordered.length - 1) / 2;
    ordered.forEach(([, uid], place) => {
      row.set(uid, place - middle);
      points[uid] = { x: snapped(index * (CARD.width + GAP + LABEL)), y: snapped((place - middle) * (CARD.height + ROW_GAP)) };
    });
  });
  return points;
}

/** The uids of the steps, layer by layer. */
export function layersOf(doc: WorkflowDoc): string[][] {
  const uids = doc.nodes.map((node) => node.uid);
  const onward = new Map<string, string[]>(uids.map((uid) => [uid, []]));
  const open = new Map(uids.map((uid) => [uid, 0]));
  const back = waysBack(uids, knownEdges(doc));
  for (const { uid, source, target } of knownEdges(doc)) {
    if (back.has(uid)) continue;
    onward.get(source)?.push(target);
    open.set(target, (open.get(target) ?? 0) + 1);
  }
  const rank = new Map<string, number>();
  const left = new Set(uids);
  const ready = uids.filter((uid) => !open.get(uid));
  for (let next = 0; left.size; next += 1) {
    if (next >= ready.length) ready.push(left.values().next().value as string); // a cycle: break it at its first step
    const uid = ready[next] as string;
    if (!left.delete(uid)) continue;
    const own = rank.get(uid) ?? 0;
    rank.set(uid, own);
    for (const target of onward.get(uid) ?? []) {
      if (!left.has(target)) continue;
      rank.set(target, Math.max(rank.get(target) ?? 0, own + 1));
      const rest = (open.get(target) ?? 0) - 1;
      open.set(target, rest);
      if (rest === 0) ready.push(target);
    }
  }
  const layers: string[][] = [];
  for (const uid of uids) (layers[rank.get(uid) ?? 0] ??= []).push(uid);
  return layers.filter(Boolean);
}

function predecessors(doc: WorkflowDoc): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const { source, target } of knownEdges(doc)) found.set(target, [...(found.get(target) ?? []), source]);
  return found;
}

function knownEdges(doc: WorkflowDoc): WorkflowDoc['edges'] {
  const known = new Set(doc.nodes.map((node) => node.uid));
  return doc.edges.filter((edge) => known.has(edge.source) && known.has(edge.target));
}
