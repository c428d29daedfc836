/** Edits of a charge: its model, what it asks, its tiers. Each takes a charge and answers a new one. */
import { decimal, order, plain, plus, times } from '../../../core/decimal';
import type { ChargeModel } from '../../../core/types';
import { newUid } from '../../../core/uid';
import { FIGURES, type Charge, type Measure, type PriceRule, type Settlement, type TableName, type Tier, type Value } from '../types';

/** A new rule that fits everything: a fixed amount for a line, marginal percentages for a statement. */
export function newRule(doc: Settlement, name: TableName, models: readonly ChargeModel[]): PriceRule {
  const wish = name === 'line' ? 'flat' : 'graduated_percentage';
  const model = models.find((one) => one.name === wish) ?? models[0];
  const charge = { model: model?.name ?? wish };
  return { uid: newUid(), when: {}, charge: model ? withModel(charge, model, measureFor(doc)) : charge };
}

/** The sum of the first input that is a number; else how many lines there are. */
export function measureFor({ inputs }: Settlement): Measure {
  const first = inputs.find((one) => one.type === 'money') ?? inputs.find((one) => one.type === 'number');
  return first ? { sum: first.key } : { count: true };
}

/** Another model: what it asks too is kept, what it does not ask goes. What is measured begins; by what it is judged is for people to choose. */
export function withModel(charge: Charge, model: ChargeModel, measure: Measure): Charge {
  const next: Charge = { model: model.name, ...figures(charge, [...model.asks, ...model.may]) };
  if (model.measured) next.measure = charge.measure ?? measure;
  if (model.measured && (model.whole || model.asks.includes('threshold')) && charge.qualifier) next.qualifier = charge.qualifier;
  for (const asked of ['qualifier', 'target'] as const) if (model.asks.includes(asked) && charge[asked]) next[asked] = charge[asked];
  if (model.measured && charge.marginal) next.marginal = true;
  if (next.marginal && charge.own_limits) next.own_limits = true;
  if (charge.prorate) next.prorate = charge.prorate;
  if (charge.blocks && [...model.asks, ...model.may, ...model.tier_may].includes('size')) next.blocks = charge.blocks;
  if (!model.asks.includes('tiers')) return next;
  next.tiers = charge.tiers ? charge.tiers.map((tier) => known(tier, model)) : [{ uid: newUid(), below: null }];
  if (charge.bounds) next.bounds = charge.bounds;
  if (charge.zero_enters) next.zero_enters = true;
  return next;
}

function known(tier: Tier, model: ChargeModel): Tier {
  return { uid: tier.uid, below: tier.below ?? null, ...figures(tier, [...model.tier_asks, ...model.tier_may]) };
}

function figures(from: Partial<Record<Value, string>>, wanted: readonly string[]): Partial<Record<Value, string>> {
  return Object.fromEntries(FIGURES.filter((one) => wanted.includes(one) && from[one] !== undefined).map((one) => [one, from[one]]));
}

/** A setting that a description draws; undefined takes it away. */
export function setPart<C extends object>(part: C, key: string, value: unknown): C {
  const { [key]: _, ...rest } = part as Record<string, unknown>;
  return (value === undefined ? rest : { ...part, [key]: value }) as C;
}

export function setValue(charge: Charge, value: Value, text: string | undefined): Charge {
  const { [value]: _, ...rest } = charge;
  return text === undefined ? rest : { ...charge, [value]: text };
}

export function setMeasure(charge: Charge, which: 'measure' | 'qualifier', measure: Measure | undefined): Charge {
  const { [which]: _, ...rest } = charge;
  return measure ? { ...charge, [which]: measure } : rest;
}

/** One more tier before the open one: as wide again as the last. */
export function addTier(charge: Charge): Charge {
  const tiers = charge.tiers ?? [];
  const last = tiers.at(-1);
  const closed = last && last.below === null ? tiers.slice(0, -1) : tiers;
  const fresh: Tier = { uid: newUid(), below: nextBound(closed) };
  return { ...charge, tiers: [...closed, fresh, last && last.below === null ? last : { uid: newUid(), below: null }] };
}

function nextBound(closed: readonly Tier[]): string {
  const [last, before] = [decimal(closed.at(-1)?.below), decimal(closed.at(-2)?.below)];
  if (!last) return '100000';
  if (!before) return plain(times(last, { digits: 2n, places: 0 }));
  return plain(plus(last, plus(last, { ...before, digits: -before.digits })));
}

/** The last one stays and stays open. */
export function removeTier(charge: Charge, uid: string): Charge {
  const rest = (charge.tiers ?? []).filter((tier) => tier.uid !== uid);
  return rest.length ? { ...charge, tiers: openEnded(rest) } : charge;
}

export function setTier(charge: Charge, uid: string, part: Partial<Tier>): Charge {
  const tiers = (charge.tiers ?? []).map((tier) => (tier.uid === uid ? cleaned({ ...tier, ...part }) : tier));
  return { ...charge, tiers };
}

/** Rows of bound and value, as they come from a spreadsheet: in place of all tiers, rising, the last one open. */
export function pasteTiers(charge: Charge, rows: readonly { below: string | null; value: string | undefined }[], value: Value): Charge {
  const tiers = rows.map((row) => cleaned({ uid: newUid(), below: row.below, [value]: row.value }));
  return tiers.length ? { ...charge, tiers: openEnded(tiers) } : charge;
}

/** Bounds in order; exactly the last row has none. */
function openEnded(tiers: readonly Tier[]): Tier[] {
  const bound = (tier: Tier) => decimal(tier.below);
  const sorted = [...tiers].sort((one, other) => {
    const [a, b] = [bound(one), bound(other)];
    return a && b ? order(a, b) : a ? -1 : b ? 1 : 0;
  });
  return sorted.map((tier, index) => (index === sorted.length - 1 ? { ...tier, below: null } : tier));
}

function cleaned(tier: Tier): Tier {
  return Object.fromEntries(Object.entries(tier).filter(([, value]) => value !== undefined)) as unknown as Tier;
}

