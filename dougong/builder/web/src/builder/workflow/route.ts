/** The course of a way between two cards: right-angled, its bend close behind where it begins, so that labels have the last stretch for themselves. */
import { getSmoothStepPath, Position } from '@xyflow/react';

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
const BELOW = 68;
const RADIUS = 8;
/** Labels stand near the step they come from, even where the way is long. */
const LABEL = 200;

export function course({ sourceX, sourceY, targetX, targetY }: Ends): Course {
  const ends = { sourceX, sourceY, sourcePosition: Position.Right, targetX, targetY, targetPosition: Position.Left, borderRadius: RADIUS };
  const isForward = targetX - sourceX >= 2 * BEND;
  if (isForward) {
    const bend = sourceX + BEND;
    const [path] = getSmoothStepPath({ ...ends, centerX: bend });
    const from = sourceY === targetY ? sourceX : bend;
    const room = targetX - from - 24;
    return { path, label: { x: from + 8 + Math.min(room, LABEL) / 2, y: targetY, room } };
  }
  const low = Math.max(sourceY, targetY) + BELOW;
  const [path] = getSmoothStepPath({ ...ends, centerY: low, offset: BEND });
  return { path, label: { x: (sourceX + targetX) / 2, y: low, room: Math.max(sourceX - targetX, 120) } };
}

/** The head of the arrow: every way comes in from the left. */
export function arrow({ targetX, targetY }: Ends): string {
  return `M${targetX - 8},${targetY - 4.5}L${targetX},${targetY}L${targetX - 8},${targetY + 4.5}Z`;
}
