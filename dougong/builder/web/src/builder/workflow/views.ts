/** The same workflow seen in other ways: laid out by itself, or in lanes by who does the work. Nothing of it is kept in the document. */
import type { FlowNode, Point, WorkflowDoc } from '../../core/types';
import { CARD, GAP, LABEL, waysInto } from './edits';
import { layered, layersOf } from './layout';
import { carried } from './notes';

export const VIEWS = ['free', 'straight', 'lanes'] as const;
export type View = (typeof VIEWS)[number];

const ROW = CARD.height + 32;
const PADDING = 24;
/** Where the name of a lane stands, left of its steps. */
const HEAD = 152;

export interface Lane {
  title: string;
  top: number;
  height: number;
  left: number;
  width: number;
}

/** The document with the places that it has in a view. `laneOf` says who does a step, '' where nobody does. */
export function seen(doc: WorkflowDoc, view: View, laneOf: (node: FlowNode) => string): { doc: WorkflowDoc; lanes: Lane[] } {
  if (view === 'free') return { doc, lanes: [] };
  const { points, lanes } = view === 'lanes' ? inLanes(doc, laneOf) : { points: layered(doc), lanes: [] };
  return { doc: { ...doc, layout: { ...doc.layout, nodes: { ...points, ...carried(doc, points) } } }, lanes };
}

/** From left to right by layer, from top to bottom by who; what nobody does stands with the step before it. */
export function inLanes(doc: WorkflowDoc, laneOf: (node: FlowNode) => string): { points: Record<string, Point>; lanes: Lane[] } {
  const layers = layersOf(doc);
  const lane = lanesOf(doc, layers.flat(), laneOf);
  const titles = [...new Set(layers.flat().map((uid) => lane.get(uid) ?? ''))];
  const rows = titles.map((title) => Math.max(...layers.map((layer) => layer.filter((uid) => lane.get(uid) === title).length)));
  const points: Record<string, Point> = {};
  const lanes: Lane[] = [];
  let top = 0;
  titles.forEach((title, index) => {
    const height = (rows[index] ?? 1) * ROW + 2 * PADDING - 32;
    layers.forEach((layer, column) => {
      const own = layer.filter((uid) => lane.get(uid) === title);
      const first = top + (height - own.length * ROW + 32) / 2;
      own.forEach((uid, row) => {
        points[uid] = { x: HEAD + column * (CARD.width + GAP + LABEL), y: Math.round(first + row * ROW) };
      });
    });
    lanes.push({ title, top, height, left: -PADDING, width: 2 * PADDING + HEAD + layers.length * (CARD.width + GAP + LABEL) - GAP - LABEL });
    top += height;
  });
  return { points, lanes };
}

function lanesOf(doc: WorkflowDoc, order: readonly string[], laneOf: (node: FlowNode) => string): Map<string, string> {
  const nodes = new Map(doc.nodes.map((node) => [node.uid, node]));
  const found = new Map<string, string>();
  for (const uid of order) {
    const node = nodes.get(uid);
    const own = node ? laneOf(node) : '';
    const before = waysInto(doc, uid).map((edge) => found.get(edge.source)).find((one) => one !== undefined);
    found.set(uid, own || before || '');
  }
  return found;
}
