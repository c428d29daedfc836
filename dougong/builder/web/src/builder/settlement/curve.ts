/** What tiers come to: the jumps at the bounds of whole-amount tiers, exact; and the amount as a curve, for drawing only. */
import { decimal, hundredth, order, plain, times, type Decimal } from '../../core/decimal';
import type { Charge } from './types';
import { spansOf } from './words';

export type TierValue = 'percent' | 'rate';

export interface Jump {
  bound: string;
  /** What is charged just below the bound, and at it. */
  before: string;
  after: string;
}

/** 全额累进: at a bound the whole amount takes another price. Where the tiers are chosen by another measure, nobody knows the amounts. */
export function jumpsOf(charge: Charge, value: TierValue): Jump[] {
  if (charge.qualifier) return [];
  const spans = spansOf(charge);
  return spans.slice(1).flatMap(({ tier, from }, index) => {
    const bound = decimal(from);
    const [low, high] = [decimal(spans[index]?.tier[value]), decimal(tier[value])];
    if (!bound || !low || !high || order(low, high) === 0) return [];
    const at = (price: Decimal) => plain(value === 'percent' ? hundredth(times(bound, price)) : times(bound, price));
    return [{ bound: from, before: at(low), after: at(high) }];
  });
}

export interface Curve {
  /** One a tier: [measure, amount] from its lower bound to its upper one. */
  lines: [number, number][][];
  bounds: number[];
  most: [number, number];
}

export function curveOf(charge: Charge, value: TierValue, whole: boolean): Curve | null {
  const spans = spansOf(charge);
  const bounds = spans.slice(0, -1).map(({ below }) => Number(below));
  if (!bounds.length || bounds.some((bound, index) => !(bound > (bounds[index - 1] ?? 0)))) return null;
  const far = (bounds.at(-1) ?? 0) * 1.3;
  let reached = 0;
  const lines = spans.map(({ tier, from, below }): [number, number][] => {
    const [start, end] = [Number(from), below === null ? far : Number(below)];
    const price = Number(tier[value] ?? 0) / (value === 'percent' ? 100 : 1);
    if (whole) return [[start, start * price], [end, end * price]];
    const begin = reached;
    reached += (end - start) * price;
    return [[start, begin], [end, reached]];
  });
  return { lines, bounds, most: [far, Math.max(...lines.flat().map(([, amount]) => amount), 0)] };
}
