/** What of a workflow is seen first: all of a small one; of a larger one its beginning, where it can be read. */
import type { Point, WorkflowDoc } from '../../core/types';
import { CARD, pointOf, type Size } from './edits';

/** Smaller than this, cards cannot be read. */
export const READABLE = 0.6;
const START_ZOOM = 0.75;
const MARGIN = 120;

/** How long a movement takes; none where the reader wants none. */
export function moving(milliseconds: number): number {
  return matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : milliseconds;
}

interface Flow {
  fitView(options: { padding: number; maxZoom: number; duration?: number }): Promise<boolean>;
  setViewport(viewport: { x: number; y: number; zoom: number }, options?: { duration?: number }): Promise<boolean>;
}

export function show(flow: Flow, draft: WorkflowDoc, { width, height }: { width: number; height: number }, duration = 0): void {
  const points = draft.nodes.map((node) => pointOf(draft, node.uid));
  const span = (axis: 'x' | 'y') => Math.max(...points.map((point) => point[axis])) - Math.min(...points.map((point) => point[axis]));
  const zoom = Math.min(width / (span('x') + CARD.width + MARGIN), height / (span('y') + CARD.height + MARGIN));
  if (zoom >= READABLE || !points.length) return void flow.fitView({ padding: 0.1, maxZoom: 1, duration });
  const start = draft.nodes.find((node) => node.type === 'start') ?? draft.nodes[0];
  const { x, y } = pointOf(draft, start?.uid ?? '');
  const top = Math.min(...points.map((point) => point.y));
  const fits = (span('y') + CARD.height) * START_ZOOM + MARGIN <= height;
  const at = { x: MARGIN / 2 - x * START_ZOOM, y: fits ? height / 2 - (y + CARD.height / 2) * START_ZOOM : MARGIN / 2 - top * START_ZOOM };
  void flow.setViewport({ ...at, zoom: START_ZOOM }, { duration });
}

/** The middle and the zoom with which all these cards are seen, at most as large as wished; where they have no room, the first is, and what follows it. */
export function framed(points: readonly Point[], room: Size, wish: number): Point & { zoom: number } {
  const span = (axis: 'x' | 'y', length: number): [number, number] => [Math.min(...points.map((point) => point[axis])), Math.max(...points.map((point) => point[axis])) + length];
  const [across, down] = [span('x', CARD.width), span('y', CARD.height)];
  const fits = Math.min(room.width / (across[1] - across[0] + MARGIN), room.height / (down[1] - down[0] + MARGIN));
  const zoom = Math.max(READABLE, Math.min(wish, fits));
  const middle = ([from, to]: [number, number], first: number, length: number) => (fits < READABLE && (to - from) * zoom > length ? first + (length / zoom - MARGIN) / 2 : (from + to) / 2);
  return { x: middle(across, points[0]?.x ?? 0, room.width), y: middle(down, points[0]?.y ?? 0, room.height), zoom };
}
