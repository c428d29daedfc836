/** What a function of the formula language is, and the values that it works with (`runtime/functions/_type.py`). */
import { dayNumber, dayOf, type Clock } from '../clock';
import { order, type Decimal } from '../decimal';
import { FormulaFault } from '../fault';

/** A calendar day by its number since 1970. */
export interface Day {
  day: bigint;
}

/** A moment in microseconds since 1970. */
export interface Moment {
  micros: bigint;
}

/** A column of a table, row by row; null where a cell is blank. */
export interface Column {
  cells: readonly Value[];
}

export type Value = Decimal | string | boolean | Day | Moment | Column | readonly string[] | null;
export type Ask = () => Value;

export interface Work {
  /** So many of its arguments, the first ones, are null for a blank field, not 0 or "". */
  blanks?: number;
  /** It gets its arguments as questions, and asks only those that it needs. */
  lazy?: boolean;
  call(args: readonly Value[], clock: Clock, asks: readonly Ask[]): Value;
}

export interface Signature {
  takes: readonly string[];
  gives: string;
  optional?: number;
  rest?: string;
}

export interface FunctionOf extends Signature, Work {}

/** A function of so many arguments of these kinds; the last `optional` ones may be left out. */
export function plainly(takes: readonly string[], gives: string, work: (...args: never[]) => Value, optional = 0): FunctionOf {
  return { takes, gives, optional, call: (args) => work(...(args as never[])) };
}

export const MOST = 100;
export const RESULT = 'result';
/** The kinds of a parameter that takes a column of a table. */
export const COLUMNS: readonly string[] = ['column', 'numbers'];

/** May the cells of a column stand for a parameter of this kind? */
export function spreads({ takes, lazy }: FunctionOf, kind: string): boolean {
  const repeated = takes.filter((one) => one.startsWith('['));
  return !lazy && repeated.length === 1 && repeated[0] === `[${kind}]`;
}

/** The kinds of so many arguments; null where it does not take that many. */
export function kindsOf({ takes, optional = 0, rest }: Signature, count: number): string[] | null {
  const repeated = takes.filter((kind) => kind.startsWith('['));
  const bare = (kinds: readonly string[]) => kinds.map((kind) => kind.replace(/[[\]]/g, ''));
  if (count < takes.length - optional || count > (repeated.length ? MOST : takes.length)) return null;
  if (count <= takes.length || !repeated.length) return bare(takes.slice(0, count));
  const more = count - takes.length;
  const found = [...takes, ...Array.from({ length: Math.floor(more / repeated.length) }, () => repeated).flat()];
  const left = more % repeated.length;
  if (left > 1 || (left && !rest)) return null;
  return bare(left && rest ? [...found, rest] : found);
}

export const isNumber = (value: Value): value is Decimal => typeof value === 'object' && value !== null && 'digits' in value;
export const isDay = (value: Value): value is Day => typeof value === 'object' && value !== null && 'day' in value;
export const isMoment = (value: Value): value is Moment => typeof value === 'object' && value !== null && 'micros' in value;

/** Nothing was filled in. */
export function blank(value: Value): boolean {
  return value === null || value === '' || (Array.isArray(value) && !value.length);
}

/** Of the same kind and equal: a yes is not 1, a moment is not its day. */
export function same(one: Value, other: Value): boolean {
  if (isNumber(one) && isNumber(other)) return order(one, other) === 0;
  if (isDay(one) && isDay(other)) return one.day === other.day;
  if (isMoment(one) && isMoment(other)) return one.micros === other.micros;
  if (Array.isArray(one) && Array.isArray(other)) return one.length === other.length && one.every((item, index) => item === other[index]);
  return one === other;
}

/** The day of a moment in the company's zone. */
export function itsDay({ micros }: Moment, clock: Clock): Day {
  return { day: dayOf(wallOf(micros, clock)) };
}

export function wallOf(at: bigint, clock: Clock): bigint {
  try {
    return clock.wall(at);
  } catch (fault) {
    if (fault instanceof RangeError) throw new FormulaFault('formula.no_such_day');
    throw fault;
  }
}

const FIRST = dayNumber(1, 1, 1);
const LAST = dayNumber(9999, 12, 31);

/** The calendar ends with the year 9999. */
export function dayAt(number: bigint): Day {
  if (number < FIRST || number > LAST) throw new FormulaFault('formula.no_such_day');
  return { day: number };
}
