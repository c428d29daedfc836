/** A settlement as the server keeps it (`schemas/settlement.json`). */
import type { ChargeModel, Doc, Field, Text } from '../../core/types';

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

export type Measure = { count: true } | { sum: string } | { lines: true };

export interface Tier {
  uid: string;
  /** The upper bound, itself outside; null is open. */
  below?: string | null;
  percent?: string;
  rate?: string;
}

export type Value = 'amount' | 'rate' | 'percent';

export interface Charge {
  model: string;
  measure?: Measure;
  qualifier?: Measure;
  amount?: string;
  rate?: string;
  percent?: string;
  tiers?: Tier[];
}

export interface PriceRule {
  uid: string;
  title?: Text;
  when: When;
  charge: Charge;
}

export interface Table {
  dimensions: Dimension[];
  rules: PriceRule[];
}

export const TAXES = ['inclusive', 'exclusive', 'exempt', 'out_of_scope'] as const;

export interface Tax {
  kind: (typeof TAXES)[number];
  rate?: string;
}

export interface Term {
  uid: string;
  when: When;
  currency: string;
  tax: Tax;
}

export interface Share {
  uid: string;
  party: Text;
  percent: string;
}

export interface Sample {
  uid: string;
  values: Record<string, unknown>;
}

export interface Settlement extends Doc {
  inputs: Input[];
  line_id?: string;
  partner: string;
  date: string;
  currency: string;
  line?: Table;
  statement?: Table;
  terms?: Term[];
  term_dimensions?: Dimension[];
  shares?: Share[];
  approval?: string;
  samples?: Sample[];
}

export type TableName = 'line' | 'statement';
/** Where rules with dimensions stand. */
export type RulesName = TableName | 'terms';

export const INPUT_TYPES = ['text', 'number', 'money', 'date', 'choice', 'region', 'record'] as const;

export type Family = 'fixed' | 'unit' | 'share' | 'marginal' | 'whole';

/** What people call the kind of a charge model by; the two kinds of tiers are never mixed. */
export function familyOf(model: ChargeModel): Family {
  if (!model.asks.includes('tiers')) return !model.measured ? 'fixed' : model.asks.includes('percent') ? 'share' : 'unit';
  return model.name.startsWith('volume') ? 'whole' : 'marginal';
}

export function inputOf(doc: Settlement, key: string | undefined): Input | undefined {
  return doc.inputs.find((one) => one.key === key);
}
