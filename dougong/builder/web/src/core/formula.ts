/** Formulas, read and calculated in the browser with the same answers as the server gives (`runtime/formula.py`); the server decides. */
import { add, divide, multiply, negative, numberOf, subtract } from './arithmetic';
import type { Clock } from './clock';
import { decimal, order, ZERO, type Decimal } from './decimal';
import { FormulaFault } from './fault';
import { ALIASES, FUNCTIONS } from './functions';
import { BLANK, joined } from './functions/texts';
import { isDay, isMoment, isNumber, itsDay, kindsOf, RESULT, same, type FunctionOf, type Moment, type Value } from './functions/type';
import type { Data, Kinds } from './rules';
import { comparable, missing } from './values';

export { FormulaFault } from './fault';

const MAX_LENGTH = 2000;
const MAX_DEPTH = 40;
const MAX_MARKS = 400;

const TOKEN = new RegExp(`${BLANK}*(?:(?<number>[0-9]+(?:\\.[0-9]+)?)|(?<text>"[^"]*")|(?<name>[A-Za-z_][A-Za-z0-9_]*)|(?<mark><>|<=|>=|!=|[-+*/&=<>(),]))`, 'y');
const BINDING: Record<string, number> = { '=': 1, '<>': 1, '!=': 1, '<': 1, '<=': 1, '>': 1, '>=': 1, '&': 2, '+': 3, '-': 3, '*': 4, '/': 4 };
const DATED = ['date', 'datetime'];
const READS_AS: Record<string, string> = { choice: 'text', person: 'text', unit: 'text', region: 'text', record: 'text', choices: 'list' };
const BLANKS: Record<string, Value> = { number: ZERO, text: '', boolean: false, list: [] };

type Eval = (data: Data, clock: Clock) => Value;

interface Mark {
  kind: 'number' | 'text' | 'name' | 'mark' | 'end';
  text: string;
  /** In characters from 0. */
  at: number;
}

/** A piece that has been read: what it gives, and how to get it. `bare`, of a field: null where it is blank. */
interface Part {
  kind: string;
  eval: Eval;
  bare?: Eval | undefined;
}

export interface Formula {
  kind: string;
  fields: ReadonlySet<string>;
  /** Raises FormulaFault where there is no value: division by zero, a value of another kind. */
  value(data: Data, clock: Clock): Value;
}

/** `kinds`: the value kind of every field that a formula may name. Raises FormulaFault with the position of what is wrong. */
export function compileFormula(text: string, kinds: Kinds): Formula {
  if (Array.from(text).length > MAX_LENGTH) throw new FormulaFault('formula.too_long', { limit: MAX_LENGTH });
  const marks = marksOf(text);
  if (marks.length > MAX_MARKS) throw new FormulaFault('formula.too_long', { limit: MAX_MARKS });
  const reader = new Reader(marks, kinds);
  const part = reader.expression(0, 0);
  reader.expect('end', '');
  return { kind: part.kind, fields: reader.fields, value: part.eval };
}

function marksOf(text: string): Mark[] {
  const found: Mark[] = [];
  const end = text.replace(new RegExp(`${BLANK}+$`), '').length;
  const position = (at: number) => Array.from(text.slice(0, at)).length;
  let at = 0;
  while (at < end) {
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(text);
    if (!match) {
      const start = at + (new RegExp(`^${BLANK}+`).exec(text.slice(at))?.[0].length ?? 0);
      throw new FormulaFault('formula.unexpected', { found: Array.from(text.slice(start)).slice(0, 10).join('') }, position(start));
    }
    const [kind, piece] = Object.entries(match.groups ?? {}).find(([, one]) => one !== undefined) as [Mark['kind'], string];
    at = TOKEN.lastIndex;
    found.push({ kind, text: piece, at: position(at - piece.length) });
  }
  return [...found, { kind: 'end', text: '', at: position(text.length) }];
}

/** A precedence-climbing parser over the marks of one formula. */
class Reader {
  readonly fields = new Set<string>();
  private readonly marks: Mark[];
  private readonly kinds: Kinds;
  private index = 0;

  constructor(marks: Mark[], kinds: Kinds) {
    this.marks = marks;
    this.kinds = kinds;
  }

  private get next(): Mark {
    return this.marks[this.index] as Mark;
  }

  private take(): Mark {
    this.index += 1;
    return this.marks[this.index - 1] as Mark;
  }

  private is(text: string): boolean {
    return this.next.kind === 'mark' && this.next.text === text;
  }

  expect(kind: Mark['kind'], text: string): void {
    const mark = this.take();
    if (mark.kind !== kind || mark.text !== text) throw new FormulaFault('formula.expected', { expected: text || '…', found: mark.text || '…' }, mark.at);
  }

  expression(least: number, depth: number): Part {
    if (depth > MAX_DEPTH) throw new FormulaFault('formula.too_deep', { limit: MAX_DEPTH }, this.next.at);
    let left = this.operand(depth);
    while (this.next.kind === 'mark' && (BINDING[this.next.text] ?? 0) > least) {
      const mark = this.take();
      left = binary(mark, left, this.expression(BINDING[mark.text] ?? 0, depth + 1));
    }
    return left;
  }

  private operand(depth: number): Part {
    const mark = this.take();
    if (mark.kind === 'number') {
      const exact = decimal(mark.text) as Decimal;
      return { kind: 'number', eval: () => exact };
    }
    if (mark.kind === 'text') return { kind: 'text', eval: () => mark.text.slice(1, -1) };
    if (mark.kind === 'name') return this.is('(') ? this.call(mark, depth) : this.field(mark);
    if (mark.kind === 'mark' && mark.text === '(') {
      const inner = this.expression(0, depth + 1);
      this.expect('mark', ')');
      return inner;
    }
    if (mark.kind === 'mark' && mark.text === '-') {
      const inner = as('number', this.expression(BINDING['*'] ?? 0, depth + 1), mark);
      return { kind: 'number', eval: (data, clock) => negative(inner.eval(data, clock) as Decimal) };
    }
    throw new FormulaFault('formula.expected_value', { found: mark.text || '…' }, mark.at);
  }

  private field(mark: Mark): Part {
    const name = mark.text;
    if (['TRUE', 'FALSE'].includes(name.toUpperCase())) return { kind: 'boolean', eval: () => name.toUpperCase() === 'TRUE' };
    const kind = Object.hasOwn(this.kinds, name) ? this.kinds[name] : undefined;
    if (kind === undefined) throw new FormulaFault('formula.unknown_field', { field: name }, mark.at);
    const gives = READS_AS[kind] ?? kind;
    this.fields.add(name);
    const given = (data: Data) => (Object.hasOwn(data, name) ? data[name] : undefined);
    const bare: Eval = (data) => {
      try {
        return valueOf(given(data), kind);
      } catch (fault) {
        if (!(fault instanceof RangeError)) throw fault;
        throw new FormulaFault('formula.wrong_kind', { field: name, found: String(given(data)).slice(0, 40) }, mark.at);
      }
    };
    return { kind: gives, eval: (data, clock) => (missing(given(data)) ? (BLANKS[gives] ?? null) : bare(data, clock)), bare };
  }

  private call(mark: Mark, depth: number): Part {
    this.expect('mark', '(');
    const args: Part[] = [];
    while (!this.is(')')) {
      args.push(this.expression(0, depth + 1));
      if (this.next.text !== ',' || this.next.kind !== 'mark') break;
      this.take();
    }
    this.expect('mark', ')');
    return called(mark, args);
  }
}

/** A field's value as formulas calculate with it. Raises RangeError where it is not of its kind. */
function valueOf(value: unknown, kind: string): Value {
  if (missing(value)) return null;
  if (kind === 'number') return numberOf(value);
  if (kind === 'files') return Array.isArray(value) ? value.map((one: unknown) => String((one as { name?: unknown } | null)?.name ?? '')) : [];
  const found = comparable(value, kind);
  if (kind === 'date') return { day: found as bigint };
  if (kind === 'datetime') return { micros: found as bigint };
  return found as Value;
}

function called(mark: Mark, args: Part[]): Part {
  const asked = mark.text.toUpperCase();
  const name = own(ALIASES, asked) ?? asked;
  const known = own(FUNCTIONS, name);
  if (!known) throw new FormulaFault('formula.unknown_function', { name: mark.text }, mark.at);
  const kinds = kindsOf(known, args.length);
  if (!kinds) throw new FormulaFault('formula.argument_count', { name, found: args.length }, mark.at);
  const wanted = args.map((arg, index) => as(kinds[index] === RESULT ? 'any' : (kinds[index] as string), arg, mark));
  const parts = wanted.map((part, index) => (index < (known.blanks ?? 0) && part.bare) || part.eval);
  return { kind: givenKind(known, kinds, args), eval: calling(known, parts) };
}

/** Of a function that chooses among its arguments: their kind, where they agree. */
function givenKind({ gives }: FunctionOf, kinds: string[], args: Part[]): string {
  if (gives !== RESULT) return gives;
  const found = new Set(args.filter((_, index) => kinds[index] === RESULT).map((arg) => arg.kind));
  return found.size === 1 ? ([...found][0] as string) : 'any';
}

function calling({ call, lazy }: FunctionOf, parts: Eval[]): Eval {
  if (lazy) return (data, clock) => call([], clock, parts.map((part) => () => part(data, clock)));
  return (data, clock) => call(parts.map((part) => part(data, clock)), clock, []);
}

/** The part where `kind` is wanted. What cannot be known beforehand ("any") is looked at when it is there. */
function as(kind: string, part: Part, mark: Mark): Part {
  if (kind === 'any' || part.kind === kind) {
    return { kind: part.kind, eval: kind === 'any' || !DATED.includes(part.kind) ? part.eval : needsDate(part.eval, mark), bare: part.bare };
  }
  if (kind === 'date' && part.kind === 'datetime') {
    const inner = needsDate(part.eval, mark);
    return { kind: 'date', eval: (data, clock) => dayOfValue(inner(data, clock), clock) };
  }
  const wrong = (found: unknown) => new FormulaFault('formula.wrong_argument', { expected: kind, found, near: mark.text }, mark.at);
  if (part.kind !== 'any') throw wrong(part.kind);
  return {
    kind,
    eval: (data, clock) => {
      const value = part.eval(data, clock);
      const found = kind === 'date' && isMoment(value) ? dayOfValue(value, clock) : value;
      if (!isOf(kind, found)) throw wrong(String(value).slice(0, 40));
      return found;
    },
  };
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

function binary(mark: Mark, left: Part, right: Part): Part {
  const sign = mark.text;
  if (sign === '&') return { kind: 'text', eval: (data, clock) => joined([left.eval(data, clock), right.eval(data, clock)], clock) };
  if (['=', '<>', '!='].includes(sign)) {
    if (left.kind !== right.kind && left.kind !== 'any' && right.kind !== 'any') throw new FormulaFault('formula.cannot_compare', { left: left.kind, right: right.kind }, mark.at);
    return { kind: 'boolean', eval: (data, clock) => same(left.eval(data, clock), right.eval(data, clock)) === (sign === '=') };
  }
  if (['<', '<=', '>', '>='].includes(sign)) return compared(mark, left, right);
  const [one, two] = [as('number', left, mark), as('number', right, mark)];
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
  const [one, two] = [as(kind, left, mark), as(kind, right, mark)];
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
