/** The operators of a condition: the same answers as the server's modules in `runtime/operators`. */
import { dayOf, dayParts, floorDiv, type Clock } from './clock';
import { dividesEvenly, compare, exact, type Exact } from './exact';
import { fits } from './pattern';
import type { Comparable } from './values';

export interface Operator {
  kinds: readonly string[];
  operand: 'none' | 'one' | 'many' | 'two';
  ifMissing: boolean;
  /** The kind of what it compares with, where that is not the field's own. */
  of?: string;
  /** It asks what time it is. */
  clock?: boolean;
  /** It asks who fills the form, and gets him as what it compares with. */
  me?: boolean;
  /** It compares with options of a tree, and gets them with all that lies below them. */
  tree?: boolean;
  holds(value: Comparable, operand: Comparable | Comparable[], clock: Clock, kind: string): boolean;
}

const ALL = ['text', 'number', 'date', 'datetime', 'choice', 'choices', 'region', 'person', 'unit', 'record', 'files', 'rows'];
const SINGLE = ['text', 'number', 'date', 'datetime', 'choice', 'person', 'unit', 'record'];
const NAMED = ['text', 'choice', 'person', 'unit', 'record'];
const TEXT = ['text'];
const NUMBER = ['number'];
const TIME = ['date', 'datetime'];
const CHOICES = ['choices'];
const LISTS = ['choices', 'files', 'rows'];
const REGION = ['region'];
const BOOLEAN = ['boolean'];

type One = (value: Comparable, operand: Comparable) => boolean;
type Words = (value: string, operand: string) => boolean;

function one(kinds: string[], holds: One, ifMissing = false): Operator {
  return { kinds, operand: 'one', ifMissing, holds: holds as Operator['holds'] };
}

function many(kinds: string[], holds: (value: Comparable, operand: Comparable[]) => boolean, ifMissing = false): Operator {
  return { kinds, operand: 'many', ifMissing, holds: (value, operand) => holds(value, operand as Comparable[]) };
}

/** Who fills the form: his units, and those with all below them. */
export interface Me {
  id: string;
  units: readonly string[];
  below: readonly string[];
}

function ofMe(kind: string, holds: (value: string, me: Me) => boolean): Operator {
  return { kinds: [kind], operand: 'none', ifMissing: false, me: true, holds: (value, me) => holds(value as string, me as unknown as Me) };
}

function none(kinds: string[], holds: (value: Comparable) => boolean, ifMissing = false): Operator {
  return { kinds, operand: 'none', ifMissing, holds };
}

/** By the order of value and operand. */
function ordered(kinds: string[], holds: (order: number) => boolean, ifMissing = false): Operator {
  return one(kinds, (value, operand) => holds(order(value, operand)), ifMissing);
}

/** Of a text and a word, or some words, whatever the case. */
function word(holds: Words, ifMissing = false): Operator {
  return one(TEXT, (value, operand) => holds(fold(value), fold(operand)), ifMissing);
}

function words(every: boolean, holds: Words, ifMissing = false): Operator {
  return many(TEXT, (value, operand) => (every ? operand.every((one) => holds(fold(value), fold(one))) : operand.some((one) => holds(fold(value), fold(one)))), ifMissing);
}

/** How long a text or a list is, against a number. */
function length(kinds: string[], holds: (order: number) => boolean): Operator {
  const long = (value: Comparable) => (Array.isArray(value) ? value.length : Array.from(value as string).length);
  return { ...one(kinds, (value, operand) => holds(compare(exact(long(value)), operand as Exact))), of: 'number' };
}

/** By the calendar: the day of the value and today, as numbers of days. */
function calendar(holds: (day: bigint, today: bigint) => boolean): Operator {
  return { kinds: TIME, operand: 'none', ifMissing: false, clock: true, holds: (value, _, clock, kind) => holds(dayIn(value, clock, kind), clock.today) };
}

function daysAgo(holds: (ago: Exact, operand: Exact) => boolean, sign: 1n | -1n): Operator {
  const decide: Operator['holds'] = (value, operand, clock, kind) => holds(exact(String(sign * (clock.today - dayIn(value, clock, kind)))), operand as Exact);
  return { kinds: TIME, operand: 'one', ifMissing: false, of: 'number', clock: true, holds: decide };
}

/** One of these numbers of a calendar day: its weekday, its month. */
function dayPart(part: 'weekday' | 'month' | 'day'): Operator {
  const decide: Operator['holds'] = (value, operand, clock, kind) => {
    const found = exact(dayParts(dayIn(value, clock, kind))[part]);
    return (operand as Exact[]).some((one) => compare(found, one) === 0);
  };
  return { kinds: TIME, operand: 'many', ifMissing: false, of: 'number', clock: true, holds: decide };
}

function against(holds: (order: number) => boolean): Operator {
  const decide: Operator['holds'] = (value, _, clock, kind) => holds(order(value, kind === 'date' ? clock.today : clock.now));
  return { kinds: TIME, operand: 'none', ifMissing: false, clock: true, holds: decide };
}

const week = (day: bigint) => floorDiv(day + 3n, 7n); // weeks begin on Monday
const month = (day: bigint) => dayParts(day).year * 12 + dayParts(day).month - 1;
const quarter = (day: bigint) => Math.floor(month(day) / 3);
const year = (day: bigint) => dayParts(day).year;

export const OPERATORS: Record<string, Operator> = {
  equals: ordered(SINGLE, (order) => order === 0),
  not_equals: ordered(SINGLE, (order) => order !== 0, true),
  equals_folded: word((value, operand) => value === operand),
  greater: ordered(NUMBER, (order) => order > 0),
  at_least: ordered(NUMBER, (order) => order >= 0),
  less: ordered(NUMBER, (order) => order < 0),
  at_most: ordered(NUMBER, (order) => order <= 0),
  between: { kinds: ['number', 'date'], operand: 'two', ifMissing: false, holds: between },
  not_between: { kinds: ['number', 'date'], operand: 'two', ifMissing: false, holds: (value, operand) => !between(value, operand) },
  multiple_of: one(NUMBER, (value, operand) => dividesEvenly(value as Exact, operand as Exact)),
  is_whole: none(NUMBER, (value) => (value as Exact).exponent >= 0),
  after: ordered(TIME, (order) => order > 0),
  before: ordered(TIME, (order) => order < 0),
  on_or_after: ordered(TIME, (order) => order >= 0),
  on_or_before: ordered(TIME, (order) => order <= 0),
  is_today: calendar((day, today) => day === today),
  is_yesterday: calendar((day, today) => day === today - 1n),
  is_tomorrow: calendar((day, today) => day === today + 1n),
  this_week: calendar((day, today) => week(day) === week(today)),
  last_week: calendar((day, today) => week(day) === week(today) - 1n),
  next_week: calendar((day, today) => week(day) === week(today) + 1n),
  this_month: calendar((day, today) => month(day) === month(today)),
  last_month: calendar((day, today) => month(day) === month(today) - 1),
  next_month: calendar((day, today) => month(day) === month(today) + 1),
  this_quarter: calendar((day, today) => quarter(day) === quarter(today)),
  this_year: calendar((day, today) => year(day) === year(today)),
  last_year: calendar((day, today) => year(day) === year(today) - 1),
  in_past: against((order) => order < 0),
  in_future: against((order) => order > 0),
  last_days: daysAgo((ago, most) => ago.sign >= 0 && compare(ago, most) <= 0, 1n),
  next_days: daysAgo((ahead, most) => ahead.sign >= 0 && compare(ahead, most) <= 0, -1n),
  days_ago: daysAgo((ago, most) => compare(ago, most) > 0, 1n),
  days_ahead: daysAgo((ahead, most) => compare(ahead, most) > 0, -1n),
  weekday_is: dayPart('weekday'),
  month_is: dayPart('month'),
  day_of_month: dayPart('day'),
  hour_between: { kinds: ['datetime'], operand: 'two', ifMissing: false, of: 'number', clock: true, holds: hourBetween },
  one_of: many(NAMED, (value, operand) => operand.includes(value)),
  not_one_of: many(NAMED, (value, operand) => !operand.includes(value), true),
  under: { ...many(['choice'], (value, operand) => operand.includes(value)), tree: true },
  not_under: { ...many(['choice'], (value, operand) => !operand.includes(value), true), tree: true },
  contains: word((value, operand) => value.includes(operand)),
  not_contains: word((value, operand) => !value.includes(operand), true),
  contains_any: words(false, (value, operand) => value.includes(operand)),
  contains_all: words(true, (value, operand) => value.includes(operand)),
  contains_none: words(true, (value, operand) => !value.includes(operand), true),
  starts_with: word((value, operand) => value.startsWith(operand)),
  not_starts_with: word((value, operand) => !value.startsWith(operand), true),
  starts_with_any: words(false, (value, operand) => value.startsWith(operand)),
  ends_with: word((value, operand) => value.endsWith(operand)),
  not_ends_with: word((value, operand) => !value.endsWith(operand), true),
  ends_with_any: words(false, (value, operand) => value.endsWith(operand)),
  matches: one(TEXT, (value, operand) => fits(value as string, operand as string)),
  not_matches: one(TEXT, (value, operand) => !fits(value as string, operand as string), true),
  length_is: length(TEXT, (order) => order === 0),
  length_at_least: length(TEXT, (order) => order >= 0),
  length_at_most: length(TEXT, (order) => order <= 0),
  includes: one(CHOICES, (value, operand) => (value as string[]).includes((operand as string[])[0] ?? '')),
  includes_any: many(CHOICES, (value, operand) => operand.some((item) => (value as string[]).includes(item as string))),
  includes_all: many(CHOICES, (value, operand) => operand.every((item) => (value as string[]).includes(item as string))),
  includes_none: many(CHOICES, (value, operand) => !operand.some((item) => (value as string[]).includes(item as string)), true),
  includes_only: many(CHOICES, (value, operand) => (value as string[]).every((item) => operand.includes(item))),
  same_choices: many(CHOICES, (value, operand) => (value as string[]).every((item) => operand.includes(item)) && operand.every((item) => (value as string[]).includes(item as string))),
  count_is: length(LISTS, (order) => order === 0),
  count_at_least: length(LISTS, (order) => order >= 0),
  count_at_most: length(LISTS, (order) => order <= 0),
  within: many(REGION, (value, operand) => operand.some((area) => (value as string).startsWith(area as string))),
  not_within: many(REGION, (value, operand) => !operand.some((area) => (value as string).startsWith(area as string)), true),
  is_true: none(BOOLEAN, (value) => value === true),
  is_false: none(BOOLEAN, (value) => value === false, true),
  is_me: ofMe('person', (value, me) => value === me.id),
  in_my_unit: ofMe('unit', (value, me) => me.units.includes(value)),
  in_my_unit_or_below: ofMe('unit', (value, me) => me.below.includes(value)),
  empty: none(ALL, () => false, true),
  not_empty: none(ALL, () => true),
};

function between(value: Comparable, operand: Comparable | Comparable[]): boolean {
  const [low, high] = operand as [Comparable, Comparable];
  return order(low, value) <= 0 && order(value, high) <= 0;
}

/** From one full hour to before another, over midnight too. */
function hourBetween(value: Comparable, operand: Comparable | Comparable[], clock: Clock): boolean {
  const wall = clock.wall(value as bigint);
  const hour = exact(String(floorDiv(wall, 3_600_000_000n) - dayOf(wall) * 24n));
  const [first, end] = operand as [Exact, Exact];
  const [begun, over] = [compare(hour, first) >= 0, compare(hour, end) >= 0];
  return compare(first, end) <= 0 ? begun && !over : begun || !over;
}

function dayIn(value: Comparable, clock: Clock, kind: string): bigint {
  return kind === 'date' ? (value as bigint) : dayOf(clock.wall(value as bigint));
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
