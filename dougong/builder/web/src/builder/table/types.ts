/** A decision table as the server keeps it (`schemas/table.json`). */
import type { Doc, Field, Scalar } from '../../core/types';

/** A comparison as a condition has it, without the field: the column says that. */
export interface Atom {
  operator: string;
  value?: Scalar | Scalar[];
}

export type Cell = Atom[];
export type Out = { value: Scalar | Scalar[] } | { formula: string };

export interface TableRule {
  uid: string;
  /** By the uid of an input; what is not named may be anything. */
  when: Record<string, Cell>;
  /** By the uid of an output. */
  then: Record<string, Out>;
  note?: string;
}

export const POLICIES = ['first', 'unique', 'any', 'priority', 'rule_order', 'output_order', 'collect'] as const;
export type Policy = (typeof POLICIES)[number];
export const COLLECTS = ['list', 'sum', 'min', 'max', 'count'] as const;
export type Collect = (typeof COLLECTS)[number];

export interface Table extends Doc {
  inputs: Field[];
  outputs: Field[];
  policy: Policy;
  collect?: Collect;
  rules: TableRule[];
  default?: Record<string, Out>;
}

export type Side = 'inputs' | 'outputs';

/** An output type beside those of fields: the key of a role. */
export const ROLE = 'role';
export const COLUMN_TYPES = ['text', 'choice', 'choices', 'number', 'money', 'rating', 'date', 'moment', 'boolean', 'region'];
export const MOST_RULES = 2000;
export const MOST_COLUMNS = 30;
export const MOST_ATOMS = 4;
