/** Columns of a table: what fits a criterion is counted, added up, averaged (`runtime/functions/tables.py`). */
import { add, divide, multiply, numberOf, ONE, whole } from '../arithmetic';
import { order, ZERO, type Decimal } from '../decimal';
import { comparable } from '../values';
import { isDay, isMoment, isNumber, plainly, same, type Column, type FunctionOf, type Value } from './type';

const CRITERION = /^(>=|<=|<>|!=|==|=|>|<)?(.*)$/s;
const HOLDS: Record<string, (order: number) => boolean> = { '>': (one) => one > 0, '>=': (one) => one >= 0, '<': (one) => one < 0, '<=': (one) => one <= 0 };
const BLANKS = /^\s+|\s+$/g;

export function fits(cell: Value, criterion: Value): boolean {
  if (typeof criterion !== 'string') return cell !== null && same(cell, criterion);
  const [, sign = '', words = ''] = CRITERION.exec(criterion) as RegExpExecArray;
  const other = asCell(words.replace(BLANKS, ''), cell);
  if (sign === '<>' || sign === '!=') return cell === null || other === null || !same(cell, other);
  if (cell === null || other === null) return false;
  const holds = HOLDS[sign];
  if (!holds) return same(cell, other);
  if (isNumber(cell)) return holds(order(cell, other as Decimal));
  return isDay(cell) && isDay(other) && holds(cell.day < other.day ? -1 : cell.day > other.day ? 1 : 0);
}

/** The words as a value of the cell's kind; null where they are none. */
function asCell(words: string, cell: Value): Value {
  try {
    if (isNumber(cell)) return words ? numberOf(words) : null;
    if (isDay(cell)) return words ? { day: comparable(words, 'date') as bigint } : null;
  } catch (fault) {
    if (fault instanceof RangeError) return null;
    throw fault;
  }
  if (typeof cell === 'boolean') return { true: true, false: false }[words.toLowerCase()] ?? null;
  return typeof cell === 'string' && !isMoment(cell) ? words : null;
}

/** What stands beside the cells that fit. */
function beside(column: Column, criterion: Value, numbers: Column = column): Decimal[] {
  return numbers.cells.filter((one, row): one is Decimal => isNumber(one) && fits(column.cells[row] as Value, criterion));
}

/** Row by row: do the cells of each column fit the criterion behind it? */
function allFit(given: readonly Value[]): boolean[] {
  const [first] = given as [Column];
  const pairs = Array.from({ length: given.length / 2 }, (_, index) => [given[2 * index] as Column, given[2 * index + 1] as Value] as const);
  return first.cells.map((_, row) => pairs.every(([column, wish]) => fits(column.cells[row] as Value, wish)));
}

const sum = (values: readonly Decimal[]) => values.reduce(add, ZERO);
const count = (found: readonly boolean[]) => whole(found.filter(Boolean).length);

function average(values: readonly Decimal[]): Decimal {
  return divide(sum(values), whole(values.length));
}

function sumIfs([numbers, ...given]: readonly Value[]): Decimal {
  const holds = allFit(given);
  return sum((numbers as Column).cells.filter((one, row): one is Decimal => holds[row] === true && isNumber(one)));
}

/** A row with a blank cell adds nothing. */
function sumProduct(columns: readonly Column[]): Decimal {
  const rows = (columns[0] as Column).cells.map((_, row) => columns.map(({ cells }) => cells[row] as Value));
  return sum(rows.filter((row): row is Decimal[] => row.every(isNumber)).map((row) => row.reduce(multiply, ONE)));
}

export const TABLES: Record<string, FunctionOf> = {
  AVERAGEIF: plainly(['column', 'any', 'numbers'], 'number', (...given: [Column, Value, Column?]) => average(beside(...given)), 1),
  COUNTIF: plainly(['column', 'any'], 'number', ({ cells }: Column, wish: Value) => count(cells.map((one) => fits(one, wish)))),
  COUNTIFS: { takes: ['[column]', '[any]'], gives: 'number', call: (given) => count(allFit(given)) },
  ROWS: plainly(['rows'], 'number', ({ cells }: Column) => whole(cells.length)),
  SUMIF: plainly(['column', 'any', 'numbers'], 'number', (...given: [Column, Value, Column?]) => sum(beside(...given)), 1),
  SUMIFS: { takes: ['numbers', '[column]', '[any]'], gives: 'number', call: sumIfs },
  SUMPRODUCT: { takes: ['[numbers]'], gives: 'number', call: (columns) => sumProduct(columns as Column[]) },
};
