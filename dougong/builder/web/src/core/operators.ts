/** The operators of a condition: the same answers as the server's modules in `runtime/operators`. */
import { compare, type Exact } from './exact';
import type { Comparable } from './values';

export interface Operator {
  kinds: readonly string[];
  operand: 'none' | 'one' | 'many' | 'two';
  ifMissing: boolean;
  holds(value: Comparable, operand: Comparable | Comparable[]): boolean;
}

const ALL = ['text', 'number', 'date', 'datetime', 'choice', 'choices', 'region', 'person', 'unit', 'record', 'files'];
const SINGLE = ['text', 'number', 'date', 'datetime', 'choice', 'person', 'unit', 'record'];
const NAMED = ['text', 'choice', 'person', 'unit', 'record'];
const TEXT = ['text'];
const NUMBER = ['number'];
const TIME = ['date', 'datetime'];
const CHOICES = ['choices'];
const REGION = ['region'];
const BOOLEAN = ['boolean'];

type Holds = Operator['holds'];

function one(kinds: string[], holds: Holds, ifMissing = false): Operator {
  return { kinds, operand: 'one', ifMissing, holds };
}

function many(kinds: string[], holds: (value: Comparable, operand: Comparable[]) => boolean, ifMissing = false): Operator {
  return { kinds, operand: 'many', ifMissing, holds: (value, operand) => holds(value, operand as Comparable[]) };
}

function none(kinds: string[], holds: Holds, ifMissing = false): Operator {
  return { kinds, operand: 'none', ifMissing, holds };
}

export const OPERATORS: Record<string, Operator> = {
  equals: one(SINGLE, (value, operand) => order(value, operand as Comparable) === 0),
  not_equals: one(SINGLE, (value, operand) => order(value, operand as Comparable) !== 0, true),
  greater: one(NUMBER, (value, operand) => order(value, operand as Comparable) > 0),
  at_least: one(NUMBER, (value, operand) => order(value, operand as Comparable) >= 0),
  less: one(NUMBER, (value, operand) => order(value, operand as Comparable) < 0),
  at_most: one(NUMBER, (value, operand) => order(value, operand as Comparable) <= 0),
  between: { kinds: ['number', 'date'], operand: 'two', ifMissing: false, holds: between },
  after: one(TIME, (value, operand) => order(value, operand as Comparable) > 0),
  before: one(TIME, (value, operand) => order(value, operand as Comparable) < 0),
  one_of: many(NAMED, (value, operand) => operand.includes(value)),
  not_one_of: many(NAMED, (value, operand) => !operand.includes(value), true),
  contains: one(TEXT, (value, operand) => fold(value).includes(fold(operand))),
  not_contains: one(TEXT, (value, operand) => !fold(value).includes(fold(operand)), true),
  contains_any: many(TEXT, (value, operand) => operand.some((word) => fold(value).includes(fold(word)))),
  starts_with: one(TEXT, (value, operand) => fold(value).startsWith(fold(operand))),
  ends_with: one(TEXT, (value, operand) => fold(value).endsWith(fold(operand))),
  includes: one(CHOICES, (value, operand) => (value as string[]).includes((operand as string[])[0] ?? '')),
  includes_any: many(CHOICES, (value, operand) => operand.some((item) => (value as string[]).includes(item as string))),
  includes_all: many(CHOICES, (value, operand) => operand.every((item) => (value as string[]).includes(item as string))),
  within: many(REGION, (value, operand) => operand.some((area) => (value as string).startsWith(area as string))),
  not_within: many(REGION, (value, operand) => !operand.some((area) => (value as string).startsWith(area as string)), true),
  is_true: none(BOOLEAN, (value) => value === true),
  is_false: none(BOOLEAN, (value) => value === false, true),
  empty: none(ALL, () => false, true),
  not_empty: none(ALL, () => true),
};

function between(value: Comparable, operand: Comparable | Comparable[]): boolean {
  const [low, high] = operand as [Comparable, Comparable];
  return order(low, value) <= 0 && order(value, high) <= 0;
}

/** Only ever asked of two values of one kind. */
function order(one: Comparable, other: Comparable): number {
  if (isExact(one) && isExact(other)) return compare(one, other);
  const [a, b] = [one as string | bigint, other as string | bigint];
  return a === b ? 0 : a < b ? -1 : 1;
}

function isExact(value: Comparable): value is Exact {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whatever the case, letter by letter, as Python's casefold; the dotless ı is the one letter that it leaves alone. */
function fold(value: unknown): string {
  return Array.from(String(value), (letter) => (letter === 'ı' ? letter : letter.toUpperCase().toLowerCase())).join('');
}
