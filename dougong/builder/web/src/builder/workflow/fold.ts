/** A long workflow in rows, as text is set in lines: cut where the fewest ways cross. */
import type { WorkflowDoc } from '../../core/types';
import { LANE } from './channels';
import { CARD, snapped } from './edits';
import type { Points } from './layout';

/** A row is about as wide as the canvas between palette and inspector, where its words can still be read. */
const LEAST = 1100;
const MOST = 1900;
/** Between two rows, besides the lanes of the ways that lead from the end of one to the beginning of the next. */
const BETWEEN = 64;

export function folded(doc: WorkflowDoc, points: Points): Points {
  const columns = [...new Set(Object.values(points).map((point) => point.x))].sort((one, other) => one - other);
  const crossing = crossings(doc, points, columns);
  const begins = cuts(columns, crossing);
  if (begins.length < 2) return points;
  const found: Points = {};
  let top = 0;
  begins.forEach((begin, index) => {
    const [left, right] = [columns[begin] as number, columns[begins[index + 1] ?? columns.length] ?? Infinity];
    const row = Object.entries(points).filter(([, { x }]) => x >= left && x < right);
    const high = Math.min(...row.map(([, { y }]) => y));
    for (const [uid, { x, y }] of row) found[uid] = { x: x - left, y: snapped(y - high + top) };
    top += heightOf(row.map(([, point]) => point)) + BETWEEN + LANE * (crossing[(begins[index + 1] ?? 0) - 1] ?? 0);
  });
  return found;
}

function heightOf(points: Points[string][]): number {
  const ys = points.map(({ y }) => y);
  return ys.reduce((most, y) => Math.max(most, y), -Infinity) - ys.reduce((least, y) => Math.min(least, y), Infinity) + CARD.height;
}

/** The columns with which rows begin: a row ends where the fewest ways lead on. */
function cuts(columns: readonly number[], crossing: readonly number[]): number[] {
  const begins = [0];
  for (let begin = 0; (columns.at(-1) ?? 0) - (columns[begin] ?? 0) + CARD.width > MOST; begin = begins.at(-1) as number) {
    const wide = (index: number) => (columns[index] as number) - (columns[begin] as number) + CARD.width;
    let end = begin;
    for (let index = begin + 1; index < columns.length && wide(index) <= MOST; index += 1)
      if (wide(index) < LEAST || (crossing[index] ?? 0) <= (crossing[end] ?? 0)) end = index;
    begins.push(end + 1);
  }
  return begins;
}

/** How many ways lead over the gap behind each column. */
function crossings(doc: WorkflowDoc, points: Points, columns: readonly number[]): number[] {
  const index = new Map(columns.map((x, place) => [x, place]));
  const change = columns.map(() => 0);
  for (const { source, target } of doc.edges) {
    const [one, other] = [source, target].map((uid) => index.get(points[uid]?.x ?? NaN));
    if (one === undefined || other === undefined) continue;
    change[Math.min(one, other)]! += 1;
    change[Math.max(one, other)]! -= 1;
  }
  let sum = 0;
  return change.map((by) => (sum += by));
}
