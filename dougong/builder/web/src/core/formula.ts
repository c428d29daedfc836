/** Formulas, read and calculated in the browser with the same answers as the server gives (`runtime/formula.py`); the server decides. */
import { negative, numberOf } from './arithmetic';
import type { Clock } from './clock';
import { decimal, ZERO, type Decimal } from './decimal';
import { FormulaFault } from './fault';
import { binary, called, single, wanted, type Eval, type Mark, type Part } from './formula-parts';
import { BLANK } from './functions/texts';
import type { Value } from './functions/type';
import type { Data, Kinds } from './rules';
import { comparable, missing, nameOf } from './values';

export { FormulaFault } from './fault';

const MAX_LENGTH = 2000;
const MAX_DEPTH = 40;
const MAX_MARKS = 400;

const TOKEN = new RegExp(`${BLANK}*(?:(?<number>[0-9]+(?:\\.[0-9]+)?)|(?<text>"[^"]*")|(?<name>[A-Za-z_][A-Za-z0-9_]*(?:\\.[a-z][a-z0-9_]*)?)|(?<mark><>|<=|>=|!=|[-+*/&=<>(),]))`, 'y');
const BINDING: Record<string, number> = { '=': 1, '<>': 1, '!=': 1, '<': 1, '<=': 1, '>': 1, '>=': 1, '&': 2, '+': 3, '-': 3, '*': 4, '/': 4 };
const POINTING = ['person', 'unit', 'record'];
const READS_AS: Record<string, string> = { choice: 'text', person: 'text', unit: 'text', region: 'text', record: 'text', choices: 'list' };
const BLANKS: Record<string, Value> = { number: ZERO, text: '', boolean: false, list: [], rows: { cells: [] } };

export interface Formula {
  kind: string;
  fields: ReadonlySet<string>;
  /** The columns of tables among them: table.column. */
  columns: ReadonlySet<string>;
  /** Raises FormulaFault where there is no value: division by zero, a value of another kind. */
  value(data: Data, clock: Clock): Value;
  /** The value where it is shown: what points at somebody or something as it is called. Raises the same. */
  words(data: Data, clock: Clock): Value;
}

/** `kinds`: the value kind of every field that a formula may name. Raises FormulaFault with the position of what is wrong. */
export function compileFormula(text: string, kinds: Kinds): Formula {
  if (Array.from(text).length > MAX_LENGTH) throw new FormulaFault('formula.too_long', { limit: MAX_LENGTH });
  const marks = marksOf(text);
  if (marks.length > MAX_MARKS) throw new FormulaFault('formula.too_long', { limit: MAX_MARKS });
  const reader = new Reader(marks, kinds);
  const part = single(reader.expression(0, 0), reader.next);
  reader.expect('end', '');
  return { kind: part.kind, fields: reader.fields, columns: reader.columns, value: part.eval, words: part.words ?? part.eval };
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
  readonly columns = new Set<string>();
  private readonly marks: Mark[];
  private readonly kinds: Kinds;
  private index = 0;

  constructor(marks: Mark[], kinds: Kinds) {
    this.marks = marks;
    this.kinds = kinds;
  }

  get next(): Mark {
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
      const inner = wanted('number', this.expression(BINDING['*'] ?? 0, depth + 1), mark);
      return { kind: 'number', eval: (data, clock) => negative(inner.eval(data, clock) as Decimal) };
    }
    throw new FormulaFault('formula.expected_value', { found: mark.text || '…' }, mark.at);
  }

  private field(mark: Mark): Part {
    const name = mark.text;
    if (['TRUE', 'FALSE'].includes(name.toUpperCase())) return { kind: 'boolean', eval: () => name.toUpperCase() === 'TRUE' };
    const kind = Object.hasOwn(this.kinds, name) ? this.kinds[name] : undefined;
    if (kind === undefined) throw new FormulaFault('formula.unknown_field', { field: name }, mark.at);
    this.fields.add(name.split('.')[0] as string);
    if (kind.startsWith('[')) this.columns.add(name);
    if (kind.startsWith('[')) return column(mark, kind.slice(1, -1));
    const gives = READS_AS[kind] ?? kind;
    const given = (data: Data) => (Object.hasOwn(data, name) ? data[name] : undefined);
    const bare: Eval = (data) => {
      try {
        return valueOf(given(data), kind);
      } catch (fault) {
        if (!(fault instanceof RangeError)) throw fault;
        throw new FormulaFault('formula.wrong_kind', { field: name, found: String(given(data)).slice(0, 40) }, mark.at);
      }
    };
    const read: Eval = (data, clock) => (missing(given(data)) ? (BLANKS[gives] ?? null) : bare(data, clock));
    return { kind: gives, eval: read, bare, words: POINTING.includes(kind) ? (data, clock) => read(data, clock) && nameOf(given(data)) : undefined };
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

/** table.column: what stands in it, row by row, null where a cell is blank. */
function column(mark: Mark, kind: string): Part {
  const [table = '', key = ''] = mark.text.split('.');
  const reading = (read: (value: unknown) => Value): Eval => (data) => {
    const rows = Object.hasOwn(data, table) ? data[table] : undefined;
    if (missing(rows)) return { cells: [] };
    try {
      return { cells: (rows as unknown[]).map((row) => read(cellOf(row, key))) };
    } catch (fault) {
      if (!(fault instanceof RangeError || fault instanceof TypeError)) throw fault;
      throw new FormulaFault('formula.wrong_kind', { field: mark.text, found: String(rows).slice(0, 40) }, mark.at);
    }
  };
  const words = POINTING.includes(kind) ? reading((value) => (missing(value) ? null : nameOf(value))) : undefined;
  return { kind: `[${READS_AS[kind] ?? kind}]`, eval: reading((value) => valueOf(value, kind)), table, words };
}

/** Raises RangeError for what is no row. */
function cellOf(row: unknown, key: string): unknown {
  if (typeof row !== 'object' || row === null || Array.isArray(row)) throw new RangeError(String(row));
  return Object.hasOwn(row, key) ? (row as Data)[key] : undefined;
}

/** A field's value as formulas calculate with it. Raises RangeError where it is not of its kind. */
function valueOf(value: unknown, kind: string): Value {
  if (missing(value)) return null;
  if (kind === 'number') return numberOf(value);
  if (kind === 'rows') return { cells: Array.isArray(value) ? value.map(() => null) : [null] }; // only ever asked how many there are
  if (kind === 'files') return Array.isArray(value) ? value.map((one: unknown) => String((one as { name?: unknown } | null)?.name ?? '')) : [];
  const found = comparable(value, kind);
  if (kind === 'date') return { day: found as bigint };
  if (kind === 'datetime') return { micros: found as bigint };
  return found as Value;
}
