/** While boxes are dragged: lines along which they stand with others, and the last bit towards them. */
import type { Point } from '../../core/types';
import type { Size } from './edits';

/** How near, on the screen, a line pulls. */
const PULL = 6;

export interface Box extends Point, Size {}

/** A line on the canvas: at an x from one y to another, or at a y. */
export interface Guide {
  axis: 'x' | 'y';
  at: number;
  from: number;
  to: number;
}

const LENGTH = { x: 'width', y: 'height' } as const;
const ACROSS = { x: 'y', y: 'x' } as const;

/** How far a box is to be pulled, and the lines that it then stands on. The nearest wins; beginning, middle and end are held to the same of others. */
export function guided(box: Box, others: readonly Box[], zoom: number): { by: Point; guides: Guide[] } {
  const x = nearest(box, others, 'x', PULL / zoom);
  const y = nearest(box, others, 'y', PULL / zoom);
  const by = { x: x?.by ?? 0, y: y?.by ?? 0 };
  const stood = { ...box, x: box.x + by.x, y: box.y + by.y };
  return { by, guides: [x && line(stood, x, 'x'), y && line(stood, y, 'y')].filter((one) => one !== undefined) };
}

interface Found {
  by: number;
  part: number;
  other: Box;
}

function nearest(box: Box, others: readonly Box[], axis: 'x' | 'y', reach: number): Found | undefined {
  let best: Found | undefined;
  for (const other of others) {
    for (const part of [0, 0.5, 1]) {
      const by = along(other, axis, part) - along(box, axis, part);
      const isNearer = !best || Math.abs(by) < Math.abs(best.by) || (by === best.by && apart(box, other, axis) < apart(box, best.other, axis));
      if (Math.abs(by) <= reach && isNearer) best = { by, part, other };
    }
  }
  return best;
}

function along(box: Box, axis: 'x' | 'y', part: number): number {
  return box[axis] + box[LENGTH[axis]] * part;
}

function apart(box: Box, other: Box, axis: 'x' | 'y'): number {
  return Math.abs(box[ACROSS[axis]] - other[ACROSS[axis]]);
}

function line(box: Box, { part, other }: Found, axis: 'x' | 'y'): Guide {
  const across = ACROSS[axis];
  const [from, to] = [Math.min(box[across], other[across]), Math.max(box[across] + box[LENGTH[across]], other[across] + other[LENGTH[across]])];
  return { axis, at: along(other, axis, part), from, to };
}
