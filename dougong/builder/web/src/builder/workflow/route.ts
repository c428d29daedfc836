/** The course of a way between two cards: right-angled with round corners, and where its label stands. */
import type { Point } from '../../core/types';

export interface Ends {
  sourceX: number;
  sourceY: number;
  targetX: number;
  targetY: number;
}

export interface Course {
  path: string;
  /** The middle of the label, and how much room there is for it. */
  label: { x: number; y: number; room: number };
}

const BEND = 28;
const RADIUS = 8;
/** Labels stand near the step they come from, even where the way is long. */
const LABEL = 200;

/** `height`: where it runs between its two bends. */
export function course({ sourceX, sourceY, targetX, targetY }: Ends, height: number): Course {
  const gap = targetX - sourceX;
  const isForward = gap > 0;
  const bend = isForward ? Math.min(BEND, gap / 2) : BEND;
  const [out, into] = [sourceX + bend, targetX - bend];
  const close = Math.abs(height - sourceY) < 1 ? sourceY : height; // a pixel beside is no bend
  const path = rounded([
    { x: sourceX, y: sourceY },
    { x: out, y: sourceY },
    { x: out, y: close },
    { x: into, y: close },
    { x: into, y: targetY },
    { x: targetX, y: targetY },
  ]);
  if (!isForward) return { path, label: { x: (out + into) / 2, y: close, room: Math.max(out - into - 24, 96) } };
  const from = close === sourceY ? sourceX : out;
  const room = (close === targetY ? targetX - 24 : into) - from;
  return { path, label: { x: from + 8 + Math.min(room, LABEL) / 2, y: close, room } };
}

/** The head of the arrow: every way comes in from the left. */
export function arrow({ targetX, targetY }: Ends): string {
  return `M${targetX - 8},${targetY - 4.5}L${targetX},${targetY}L${targetX - 8},${targetY + 4.5}Z`;
}

/** Through all points, each corner rounded as far as its stretches allow. */
export function rounded(points: readonly Point[]): string {
  const corners = points.filter((point, index) => !isOnTheWay(points[index - 1], point, points[index + 1]));
  return corners
    .map((point, index) => {
      const [before, after] = [corners[index - 1], corners[index + 1]];
      if (!before) return `M${point.x},${point.y}`;
      if (!after) return `L${point.x},${point.y}`;
      const radius = Math.min(RADIUS, distance(before, point) / 2, distance(point, after) / 2);
      const [start, end] = [towards(point, before, radius), towards(point, after, radius)];
      return `L${start.x},${start.y}Q${point.x},${point.y} ${end.x},${end.y}`;
    })
    .join('');
}

/** On a straight line between its neighbours, or on one of them: no corner. */
function isOnTheWay(before: Point | undefined, point: Point, after: Point | undefined): boolean {
  if (!before || !after) return false;
  return (before.x === point.x && point.x === after.x) || (before.y === point.y && point.y === after.y);
}

function distance(one: Point, other: Point): number {
  return Math.abs(one.x - other.x) + Math.abs(one.y - other.y);
}

function towards(from: Point, to: Point, by: number): Point {
  return { x: from.x + Math.sign(to.x - from.x) * by, y: from.y + Math.sign(to.y - from.y) * by };
}
