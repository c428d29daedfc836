/** A settlement as the server keeps it (`schemas/settlement.json`). */
import type { ChargeModel, Config, Doc, Field, Text, Tree } from '../../core/types';

export interface Input extends Field {
  /** Where the line does not bring it: looked up in the record that another input names. */
  from?: { input: string; field: string };
}

export interface Dimension {
  uid: string;
  input: string;
}

/** What a dimension of a rule must be. Ranges hold their lower bound, not the upper one. */
export type Cell = { in: string[] } | { not_in: string[] } | { from?: string; below?: string };

/** By the uid of a dimension; what is not named may be anything. */
export type When = Record<string, Cell>;

/** `over`: not only of the lines at hand, but of a period and a group. */
export type Measure = ({ count: true } | { sum: string } | { max: string } | { lines: true } | { formula: string }) & { over?: Config };

export const FIGURES = ['amount', 'rate', 'percent', 'size', 'threshold', 'free', 'fixed', 'min', 'max'] as const;
export type Value = (typeof FIGURES)[number];

/** `below`: the upper bound, outside or inside as `bounds` of the charge says; null is open. */
export type Tier = { uid: string; below?: string | null } & { [figure in Value]?: string };

export type Charge = {
  model: string;
  measure?: Measure;
  qualifier?: Measure;
  target?: Measure;
  bounds?: 'from' | 'upto';
  zero_enters?: boolean;
  blocks?: 'begun' | 'full' | 'part';
  marginal?: boolean;
  own_limits?: boolean;
  prorate?: Config;
  tiers?: Tier[];
} & { [figure in Value]?: string };

export interface PriceRule {
  uid: string;
  title?: Text;
  priority?: number;
  valid?: Config;
  when: When;
  condition?: Tree;
  charge: Charge;
}

export interface Table {
  dimensions: Dimension[];
  rules: PriceRule[];
  policy?: 'first' | 'unique' | 'collect';
  collect?: 'sum' | 'max' | 'min';
  negative?: 'mirror' | 'lowest' | 'refuse';
}

export const TAXES = ['inclusive', 'exclusive', 'exempt', 'out_of_scope'] as const;

export interface Tax {
  kind: (typeof TAXES)[number];
  rate?: string;
  per?: 'statement' | 'line';
}

export interface Term {
  uid: string;
  when: When;
  currency: string;
  tax: Tax;
  valid?: Config;
  condition?: Tree;
}

export const SHARED_BY = ['percent', 'ratio', 'amount', 'formula'] as const;
export type SharedBy = (typeof SHARED_BY)[number];

/** One of the four says how much; `by` names the input with the persons among whom it is divided. */
export type Share = { uid: string; party: Text; by?: string; currency?: string } & { [how in SharedBy]?: string };

export function sharedBy(share: Share): SharedBy {
  return SHARED_BY.find((one) => share[one] !== undefined) ?? 'percent';
}

export interface Sample {
  uid: string;
  values: Record<string, unknown>;
}

export const PER = ['1', '10', '100', '1000', '10000'] as const;

/** So many of `to` for `per` of `from`, from that day on. */
export interface Rate {
  uid: string;
  from: string;
  to: string;
  day: string;
  rate: string;
  per?: (typeof PER)[number];
}

export interface Exchange {
  currency: string;
  amounts: string[];
  rates?: Rate[];
}

export interface Settlement extends Doc {
  exchange?: Exchange;
  inputs: Input[];
  line_id?: string;
  partner: string;
  date: string;
  currency: string;
  period?: 'day' | 'month' | 'quarter' | 'half' | 'year' | 'contract';
  contract?: { since: string; until?: string };
  line?: Table;
  statement?: Table;
  terms?: Term[];
  term_dimensions?: Dimension[];
  shares?: Share[];
  remainder?: string;
  shares_shown?: boolean;
  approval?: string;
  query?: string;
  samples?: Sample[];
}

export type TableName = 'line' | 'statement';
/** Where rules with dimensions stand. */
export type RulesName = TableName | 'terms';

export const INPUT_TYPES = ['text', 'number', 'money', 'date', 'moment', 'choice', 'boolean', 'region', 'record'] as const;

export type Family = 'fixed' | 'unit' | 'share' | 'marginal' | 'whole' | 'reached';

/** What people call the kind of a charge model by; the two kinds of tiers are never mixed. */
export function familyOf(model: ChargeModel): Family {
  if (model.asks.includes('threshold') || model.asks.includes('target')) return 'reached';
  if (model.asks.includes('tiers')) return !model.whole ? 'marginal' : model.name.startsWith('volume') ? 'whole' : 'reached';
  return !model.measured ? 'fixed' : model.asks.includes('percent') ? 'share' : 'unit';
}

/** What the tiers of a model are paid by. */
export function priceOf(model: ChargeModel): Value {
  return (['percent', 'rate', 'amount'] as const).find((one) => model.tier_asks.includes(one)) ?? 'rate';
}

export function inputOf(doc: Settlement, key: string | undefined): Input | undefined {
  return doc.inputs.find((one) => one.key === key);
}
