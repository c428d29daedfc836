/** Boxes lined up by a side or their middle, and spread with even gaps between them. */
import type { Point, WorkflowDoc } from '../../core/types';
import { placed, pointOf } from './edits';
import { sizeOf } from './notes';

export const SIDES = ['left', 'centre', 'right', 'top', 'middle', 'bottom'] as const;
export type Side = (typeof SIDES)[number];
export type Axis = 'x' | 'y';

interface Box {
  uid: string;
  at: Point;
  length: number;
}

/** Where among its own length a box is held: 0 its beginning, 1 its end. */
const HELD: Record<Side, number> = { left: 0, centre: 0.5, right: 1, top: 0, middle: 0.5, bottom: 1 };

/** All to the outermost of them, or to the middle of what they take up together. */
export function aligned(doc: WorkflowDoc, uids: readonly string[], side: Side): WorkflowDoc {
  const axis = HELD_ALONG_X.has(side) ? 'x' : 'y';
  const boxes = boxesOf(doc, uids, axis);
  const begin = Math.min(...boxes.map(({ at }) => at[axis]));
  const end = Math.max(...boxes.map(({ at, length }) => at[axis] + length));
  const held = HELD[side];
  const line = begin + (end - begin) * held;
  return moved(doc, boxes, axis, boxes.map(({ length }) => line - length * held));
}

const HELD_ALONG_X: ReadonlySet<Side> = new Set(['left', 'centre', 'right']);

/** The first and the last stay; between the others there is as much room everywhere. Fewer than three stay as they are. */
export function distributed(doc: WorkflowDoc, uids: readonly string[], axis: Axis): WorkflowDoc {
  const boxes = boxesOf(doc, uids, axis).sort((one, other) => one.at[axis] - other.at[axis]);
  const [first, last] = [boxes[0], boxes.at(-1)];
  if (!first || !last || boxes.length < 3) return doc;
  const room = last.at[axis] + last.length - first.at[axis] - boxes.reduce((sum, { length }) => sum + length, 0);
  let next = first.at[axis];
  const starts = boxes.map(({ length }) => {
    const start = next;
    next += length + room / (boxes.length - 1);
    return start;
  });
  return moved(doc, boxes, axis, starts);
}

function boxesOf(doc: WorkflowDoc, uids: readonly string[], axis: Axis): Box[] {
  return uids.map((uid) => ({ uid, at: pointOf(doc, uid), length: sizeOf(doc, uid)[axis === 'x' ? 'width' : 'height'] }));
}

function moved(doc: WorkflowDoc, boxes: readonly Box[], axis: Axis, starts: readonly number[]): WorkflowDoc {
  return placed(doc, Object.fromEntries(boxes.map(({ uid, at }, index) => [uid, { ...at, [axis]: starts[index] ?? at[axis] }])));
}
