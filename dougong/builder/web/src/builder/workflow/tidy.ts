/** Tidying up: what stands well stays; what covers another, runs backwards or stands a little beside its line is moved, and no more. */
import type { Point, WorkflowDoc } from '../../core/types';
import { CARD, freePoint, GAP, GRID, LABEL, decides, nodeOf, placed, pointOf, waysInto } from './edits';
import { layersOf } from './layout';
import { waysBack } from './loops';

/** So little beside the line of the step before it is no intent. */
const SLIP = 3 * GRID;

/** From the first layer to the last, so that each finds the places of those before it settled. */
export function tidied(doc: WorkflowDoc): WorkflowDoc {
  const back = waysBack(doc.nodes.map((node) => node.uid), doc.edges);
  return layersOf(doc).flat().reduce((found, uid, index, order) => settled(found, uid, new Set(order.slice(0, index)), back), doc);
}

function settled(doc: WorkflowDoc, uid: string, before: ReadonlySet<string>, back: ReadonlySet<string>): WorkflowDoc {
  const at = doc.layout?.nodes?.[uid];
  const from = waysInto(doc, uid).filter((edge) => !back.has(edge.uid)).map((edge) => ({ ...pointOf(doc, edge.source), room: decides(nodeOf(doc, edge.source)) ? LABEL : 0 }));
  const earlier = [...before].map((one) => pointOf(doc, one));
  if (at && !earlier.some((point) => covers(point, at)) && !from.some((point) => isBackward(point, at))) {
    const line = from.find((point) => point.y !== at.y && Math.abs(point.y - at.y) < SLIP)?.y;
    const wish = { x: at.x, y: line ?? at.y };
    const others = doc.nodes.filter((node) => node.uid !== uid).map((node) => pointOf(doc, node.uid));
    return others.some((point) => covers(point, wish) && !covers(point, at)) ? doc : placed(doc, { [uid]: wish });
  }
  const last = from.sort((one, other) => other.x - one.x)[0];
  const wish = last ? { x: last.x + CARD.width + GAP + last.room, y: last.y } : (at ?? { x: 0, y: 0 });
  const rest = { ...doc, layout: { ...doc.layout, nodes: Object.fromEntries(Object.entries(doc.layout?.nodes ?? {}).filter(([one]) => one !== uid)) } };
  return placed(doc, { [uid]: freePoint(rest, wish) });
}

function covers(one: Point, other: Point): boolean {
  return Math.abs(one.x - other.x) < CARD.width && Math.abs(one.y - other.y) < CARD.height;
}

/** Left of where it comes from, in the same row: the beginning of a row below is none. */
function isBackward(from: Point, at: Point): boolean {
  return at.x < from.x + CARD.width + GRID && Math.abs(at.y - from.y) < 2 * CARD.height;
}
