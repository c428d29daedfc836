/** At which height a way runs between its two bends, so that it does not cross a card: that of its target, else the nearest free one. */
import type { Point, WorkflowDoc } from '../../core/types';
import { CARD, GAP } from './edits';

const CLEAR = 10;
const BESIDE = 20;
const BELOW = 28;
/** From one way to the next beside it: as high as a label. */
export const LANE = 24;

/** Answers the height of each way; two that do not lead forward never share one. Ways whose ends are not there are left out. */
export function channels(doc: WorkflowDoc): Map<string, number> {
  const points = new Map(doc.nodes.map(({ uid }) => [uid, doc.layout?.nodes?.[uid] ?? { x: 0, y: 0 }]));
  const cards = [...points.values()].sort((one, other) => one.x - other.x);
  const back: number[] = [];
  const found = new Map<string, number>();
  for (const edge of doc.edges) {
    const [from, to] = [points.get(edge.source), points.get(edge.target)];
    if (from && to) found.set(edge.uid, to.x > from.x + CARD.width ? forward(from, to, cards) : backward(from, to, cards, back));
  }
  return found;
}

function forward(from: Point, to: Point, cards: readonly Point[]): number {
  const wish = middle(to);
  const between = cardsBetween(cards, from.x + CARD.width, to.x).filter((card) => card !== from && card !== to);
  if (isFree(wish, between)) return wish;
  const beside = between.flatMap((card) => [card.y - BESIDE, card.y + CARD.height + BESIDE]);
  const nearest = [middle(from), ...beside].sort((one, other) => Math.abs(one - wish) - Math.abs(other - wish));
  return nearest.find((height) => isFree(height, between)) ?? wish;
}

function backward(from: Point, to: Point, cards: readonly Point[], taken: number[]): number {
  const under = cardsBetween(cards, Math.min(from.x, to.x) - BELOW, Math.max(from.x, to.x) + CARD.width + BELOW).sort(
    (one, other) => one.y - other.y,
  );
  const between = gapAbove(from, to, cards);
  const step = between === undefined ? LANE : -LANE;
  let height = between ?? Math.max(from.y, to.y) + CARD.height + BELOW;
  if (between === undefined) for (const card of under) if (!isFree(height, [card])) height = card.y + CARD.height + BELOW;
  while (taken.some((other) => Math.abs(other - height) < LANE)) height += step;
  taken.push(height);
  return height;
}

/** To the beginning of the next row: a way runs in the gap above it and the branches that begin there, where there is one. */
function gapAbove(from: Point, to: Point, cards: readonly Point[]): number | undefined {
  const row = cardsBetween(cards, Math.min(from.x, to.x) - BELOW, Math.max(from.x, to.x) + 2 * (CARD.width + GAP)).sort((one, other) => other.y - one.y);
  let height = to.y - BELOW;
  for (const card of row) if (!isFree(height, [card])) height = card.y - BELOW;
  return height > from.y + CARD.height ? height : undefined;
}

function middle(card: Point): number {
  return card.y + CARD.height / 2;
}

function isFree(height: number, cards: readonly Point[]): boolean {
  return !cards.some((card) => height > card.y - CLEAR && height < card.y + CARD.height + CLEAR);
}

/** Those whose box lies, at least partly, between two x; `cards` are sorted by x. */
function cardsBetween(cards: readonly Point[], left: number, right: number): Point[] {
  let [low, high] = [0, cards.length];
  while (low < high) {
    const half = (low + high) >> 1;
    if ((cards[half] as Point).x < left - CARD.width) low = half + 1;
    else high = half;
  }
  const found: Point[] = [];
  for (let index = low; index < cards.length; index += 1) {
    const card = cards[index] as Point;
    if (card.x >= right) break;
    if (card.x + CARD.width > left) found.push(card);
  }
  return found;
}
