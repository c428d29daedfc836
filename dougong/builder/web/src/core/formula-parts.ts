/** The parts that a formula is read into, and how two of them go together (`runtime/formula_parts.py`). */
import { add, divide, multiply, subtract } from './arithmetic';
import type { Clock } from './clock';
import { order, type Decimal } from './decimal';
import { FormulaFault } from './fault';
import { ALIASES, FUNCTIONS } from './functions';
import { joined } from './functions/texts';
import { COLUMNS, isDay, isMoment, isNumber, itsDay, kindsOf, RESULT, same, spreads, type Column, type FunctionOf, type Moment, type Value } from './functions/type';
import type { Data } from './rules';

const DATED = ['date', 'datetime'];
const SINGLE = ['number', 'text', 'boolean', 'date', 'datetime', 'list'];

export type Eval = (data: Data, clock: Clock) => Value;

export interface Mark {
  kind: 'number' | 'text' | 'name' | 'mark' | 'end';
  text: string;
  /** In characters from 0. */
  at: number;
}

/** A piece that has been read: what it gives, and how to get it. `bare`, of a field: null where it is blank. */
export interface Part {
  /** Of a column of a table in brackets: [number]. */
  kind: string;
  eval: Eval;
  bare?: Eval | undefined;
  /** Whose column it is. */
  table?: string;
  /** Of what points at somebody or something: what it is called, for where a text is made of it. It is compared by `eval`. */
  words?: Eval | undefined;
}

/** Not a table nor a column of one: those hold many values, and only functions take them. */
export function single(part: Part, mark: Mark): Part {
  if (part.table || part.kind === 'rows') throw new FormulaFault('formula.many_values', {}, mark.at);
  return part;
}

export function called(mark: Mark, args: Part[]): Part {
  const asked = mark.text.toUpperCase();
  const name = own(ALIASES, asked) ?? asked;
  const known = own(FUNCTIONS, name);
  if (!known) throw new FormulaFault('formula.unknown_function', { name: mark.text }, mark.at);
  const kinds = kindsOf(known, args.length);
  if (!kinds) throw new FormulaFault('formula.argument_count', { name, found: args.length }, mark.at);
  if (new Set(args.filter((_, index) => COLUMNS.includes(kinds[index] as string)).map((arg) => arg.table)).size > 1) throw new FormulaFault('formula.several_tables', { name }, mark.at);
  const fitting = args.map((arg, index) => argument(known, kinds[index] as string, arg, mark));
  const parts = fitting.map((part, index) => (index < (known.blanks ?? 0) && part.bare) || part.eval);
  const spread = fitting.map((part, index) => Boolean(part.table) && !COLUMNS.includes(kinds[index] as string));
  const said = fitting.map((part, index) => part.words ?? (parts[index] as Eval));
  if (known.gives === 'text') return { kind: 'text', eval: calling(known, said, spread) };
  const chosen = parts.map((part, index) => (kinds[index] === RESULT ? (said[index] as Eval) : part));
  const words = chosen.some((part, index) => part !== parts[index]) ? calling(known, chosen, spread) : undefined;
  return { kind: givenKind(known, kinds, args), eval: calling(known, parts, spread), words };
}

/** A column goes where columns are taken; over a parameter that may be repeated it is spread; a list of texts it may be. */
function argument(known: FunctionOf, kind: string, part: Part, mark: Mark): Part {
  const inner = part.kind.replace(/[[\]]/g, '');
  if (!part.table || kind === 'rows') return wanted(kind === RESULT ? 'any' : kind, part, mark);
  if (kind === 'column' || (kind === 'numbers' && inner === 'number')) return part;
  const { eval: cells, words } = part;
  if (kind === 'list' && inner === 'text') return { kind: 'list', eval: filled(cells), words: words && filled(words) };
  if (spreads(known, kind) && (kind === 'any' || kind === inner)) return { ...part, eval: spreading(cells), words: words && spreading(words) };
  throw kind === 'numbers' ? misfit(kind, inner, mark) : new FormulaFault('formula.many_values', {}, mark.at);
}

/** As a spreadsheet does: a blank cell is left out. */
function filled(cells: Eval): Eval {
  return (data, clock) => (cells(data, clock) as Column).cells.filter((cell) => cell !== null) as string[];
}

function spreading(cells: Eval): Eval {
  return (data, clock) => ({ cells: filled(cells)(data, clock) as readonly Value[] });
}

/** Of a function that chooses among its arguments: their kind, where they agree. */
function givenKind({ gives }: FunctionOf, kinds: string[], args: Part[]): string {
  if (gives !== RESULT) return gives;
  const found = new Set(args.filter((_, index) => kinds[index] === RESULT).map((arg) => arg.kind));
  return found.size === 1 ? ([...found][0] as string) : 'any';
}

function calling({ call, lazy }: FunctionOf, parts: Eval[], spread: boolean[]): Eval {
  if (lazy) return (data, clock) => call([], clock, parts.map((part) => () => part(data, clock)));
  return (data, clock) => call(parts.flatMap((part, index) => (spread[index] ? (part(data, clock) as Column).cells : [part(data, clock)])), clock, []);
}

/** The part where `kind` is wanted. What cannot be known beforehand ("any") is looked at when it is there. */
export function wanted(kind: string, part: Part, mark: Mark): Part {
  if (kind !== 'rows') single(part, mark);
  if (kind === 'any' || part.kind === kind) {
    return { kind: part.kind, eval: kind === 'any' || !DATED.includes(part.kind) ? part.eval : needsDate(part.eval, mark), bare: part.bare, words: part.words };
  }
  if (kind === 'date' && part.kind === 'datetime') {
    const inner = needsDate(part.eval, mark);
    return { kind: 'date', eval: (data, clock) => dayOfValue(inner(data, clock), clock) };
  }
  if (part.kind !== 'any' || !SINGLE.includes(kind)) throw misfit(kind, part.kind, mark);
  return {
    kind,
    eval: (data, clock) => {
      const value = part.eval(data, clock);
      const found = kind === 'date' && isMoment(value) ? dayOfValue(value, clock) : value;
      if (!isOf(kind, found)) throw misfit(kind, String(value).slice(0, 40), mark);
      return found;
    },
  };
}

function misfit(expected: string, found: string, mark: Mark): FormulaFault {
  return new FormulaFault('formula.wrong_argument', { expected, found, near: mark.text }, mark.at);
}

function dayOfValue(value: Value, clock: Clock): Value {
  return isMoment(value) ? itsDay(value, clock) : value;
}

function isOf(kind: string, value: Value): boolean {
  switch (kind) {
    case 'number':
      return isNumber(value);
    case 'date':
      return isDay(value);
    case 'datetime':
      return isMoment(value);
    case 'list':
      return Array.isArray(value);
    case 'boolean':
      return typeof value === 'boolean';
    default:
      return typeof value === 'string';
  }
}

function needsDate(inner: Eval, mark: Mark): Eval {
  return (data, clock) => {
    const value = inner(data, clock);
    if (value === null) throw new FormulaFault('formula.no_date', { near: mark.text }, mark.at);
    return value;
  };
}

export function binary(mark: Mark, left: Part, right: Part): Part {
  const sign = mark.text;
  single(left, mark);
  single(right, mark);
  if (sign === '&') {
    const [one, two] = [left.words ?? left.eval, right.words ?? right.eval];
    return { kind: 'text', eval: (data, clock) => joined([one(data, clock), two(data, clock)], clock) };
  }
  if (['=', '<>', '!='].includes(sign)) {
    if (left.kind !== right.kind && left.kind !== 'any' && right.kind !== 'any') throw new FormulaFault('formula.cannot_compare', { left: left.kind, right: right.kind }, mark.at);
    return { kind: 'boolean', eval: (data, clock) => same(left.eval(data, clock), right.eval(data, clock)) === (sign === '=') };
  }
  if (['<', '<=', '>', '>='].includes(sign)) return compared(mark, left, right);
  const [one, two] = [wanted('number', left, mark), wanted('number', right, mark)];
  const work = ARITHMETIC[sign] as (one: Decimal, other: Decimal) => Decimal;
  return {
    kind: 'number',
    eval: (data, clock) => {
      const [first, second] = [one.eval(data, clock) as Decimal, two.eval(data, clock) as Decimal];
      if (sign === '/' && second.digits === 0n) throw new FormulaFault('formula.division_by_zero', {}, mark.at);
      return work(first, second);
    },
  };
}

function compared(mark: Mark, left: Part, right: Part): Part {
  const kinds = [left.kind, right.kind];
  const kind = !kinds.some((one) => DATED.includes(one)) ? 'number' : kinds.every((one) => one === 'datetime' || one === 'any') ? 'datetime' : 'date';
  const [one, two] = [wanted(kind, left, mark), wanted(kind, right, mark)];
  const holds = COMPARE[mark.text] as (order: number) => boolean;
  return { kind: 'boolean', eval: (data, clock) => holds(between(one.eval(data, clock), two.eval(data, clock))) };
}

/** Of two values of one ordered kind. */
function between(one: Value, other: Value): number {
  if (isNumber(one) && isNumber(other)) return order(one, other);
  const [a, b] = [one, other].map((value) => (isDay(value) ? value.day : (value as Moment).micros)) as [bigint, bigint];
  return a < b ? -1 : a > b ? 1 : 0;
}

const COMPARE: Record<string, (order: number) => boolean> = {
  '<': (order) => order < 0,
  '<=': (order) => order <= 0,
  '>': (order) => order > 0,
  '>=': (order) => order >= 0,
};
const ARITHMETIC: Record<string, (one: Decimal, other: Decimal) => Decimal> = { '+': add, '-': subtract, '*': multiply, '/': divide };

function own<T>(record: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}
