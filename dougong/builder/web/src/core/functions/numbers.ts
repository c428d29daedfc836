/** Calculating with numbers, digit for digit as the server does (`runtime/functions/numbers.py`). */
import { absolute, add, divide, isWhole, magnitude, multiply, ONE, quantized, root, roundedTo, subtract, toInt, whole, type Rounding } from '../arithmetic';
import { order, ZERO, type Decimal } from '../decimal';
import { FormulaFault } from '../fault';
import { plainly, type FunctionOf } from './type';

const MAX_POWER = 100;
const MAX_MAGNITUDE = 60;

type One = (value: Decimal, other?: Decimal) => Decimal;
type Many = (...values: Decimal[]) => Decimal;

const numbers = (takes: string[], work: (...values: never[]) => Decimal, optional = 0): FunctionOf => plainly(takes, 'number', work, optional);

const MANY = ['[number]'];
const ranked = ['number', ...MANY];
const pair = ['number', 'number'];

export function rounding(how: Rounding): One {
  return (value, digits = ZERO) => {
    const places = toInt(digits);
    if (Math.abs(places) > 12) throw new FormulaFault('formula.digits', { found: places });
    return value.digits === 0n ? ZERO : quantized(value, places, how);
  };
}

const step = (how: Rounding): One => (value, significance = ONE) =>
  significance.digits === 0n ? ZERO : multiply(roundedTo(divide(value, significance), 0, how), significance);

/** By multiplying so often: every digit is the same wherever it is calculated. */
function power(base: Decimal, exponent: Decimal): Decimal {
  if (!isWhole(exponent) || Math.abs(toInt(exponent)) > MAX_POWER) throw new FormulaFault('formula.power', { limit: MAX_POWER });
  let found = ONE;
  for (let count = Math.abs(toInt(exponent)); count > 0; count -= 1) {
    found = multiply(found, base);
    if (found.digits !== 0n && Math.abs(magnitude(found)) > MAX_MAGNITUDE) throw new FormulaFault('formula.too_large');
  }
  return toInt(exponent) < 0 ? divide(ONE, found) : found;
}

const sum: Many = (...values) => values.reduce(add, ZERO);
const sorted = (values: readonly Decimal[]) => values.toSorted(order);

function median(...values: Decimal[]): Decimal {
  const found = sorted(values);
  const middle = Math.floor(found.length / 2);
  const upper = found[middle] ?? ZERO;
  return !found.length || found.length % 2 ? upper : divide(add(found[middle - 1] ?? ZERO, upper), whole(2));
}

const nth = (largest: boolean): Many => (...given) => {
  const place = toInt(given.at(-1) ?? ZERO);
  const values = sorted(given.slice(0, -1));
  const found = values[largest ? values.length - place : place - 1];
  if (place < 1 || !found) throw new FormulaFault('formula.no_such_place', { found: place });
  return found;
};

export const NUMBERS: Record<string, FunctionOf> = {
  ABS: numbers(['number'], absolute),
  AVERAGE: numbers(MANY, (...values: Decimal[]) => divide(sum(...values), whole(values.length))),
  CEILING: numbers(pair, step('ceiling'), 1),
  FLOOR: numbers(pair, step('floor'), 1),
  INT: numbers(['number'], (value: Decimal) => roundedTo(value, 0, 'floor')),
  LARGE: numbers(ranked, nth(true)),
  MAX: numbers(MANY, (...values: Decimal[]) => sorted(values).at(-1) ?? ZERO),
  MEDIAN: numbers(MANY, median),
  MIN: numbers(MANY, (...values: Decimal[]) => sorted(values)[0] ?? ZERO),
  MOD: numbers(pair, (value: Decimal, by: Decimal) => subtract(value, multiply(by, roundedTo(divide(value, by), 0, 'floor')))),
  POWER: numbers(pair, power),
  PRODUCT: numbers(MANY, (...values: Decimal[]) => values.reduce(multiply, ONE)),
  QUOTIENT: numbers(pair, (value: Decimal, by: Decimal) => roundedTo(divide(value, by), 0, 'down')),
  RANK: numbers(ranked, (value: Decimal, ...others: Decimal[]) => whole(1 + others.filter((other) => order(other, value) > 0).length)),
  ROUND: numbers(pair, rounding('half'), 1),
  ROUNDDOWN: numbers(pair, rounding('down'), 1),
  ROUNDUP: numbers(pair, rounding('up'), 1),
  SIGN: numbers(['number'], (value: Decimal) => whole(order(value, ZERO))),
  SMALL: numbers(ranked, nth(false)),
  SQRT: numbers(['number'], root),
  SUM: numbers(MANY, sum),
};
