/** Calculating as Python's decimal does: numbers of at most 28 digits, each result rounded half to even where there would be more. */
import { decimal, minus, order, plus, times, ZERO, type Decimal } from './decimal';
import { FormulaFault } from './fault';

export type Rounding = 'up' | 'down' | 'floor' | 'ceiling' | 'half';

export const DIGITS = 28;

export function whole(value: number | bigint): Decimal {
  return { digits: BigInt(value), places: 0 };
}

export const ONE = whole(1);

export const add = (one: Decimal, other: Decimal): Decimal => settled(plus(one, other));
export const subtract = (one: Decimal, other: Decimal): Decimal => settled(minus(one, other));
export const multiply = (one: Decimal, other: Decimal): Decimal => settled(times(one, other));
export const negative = (one: Decimal): Decimal => settled({ ...one, digits: -one.digits });
export const absolute = (one: Decimal): Decimal => settled({ ...one, digits: size(one.digits) });

export function divide(one: Decimal, by: Decimal): Decimal {
  if (by.digits === 0n) throw new FormulaFault('formula.division_by_zero');
  const shift = Math.max(DIGITS + 3 + length(by.digits) - length(one.digits), 0);
  const [above, below] = [size(one.digits) * 10n ** BigInt(shift), size(by.digits)];
  // What is left over only matters where it breaks a tie: a further digit says that there is something.
  const digits = (above / below) * 10n + (above % below ? 1n : 0n);
  return settled({ digits: (one.digits < 0n) === (by.digits < 0n) ? digits : -digits, places: one.places - by.places + shift + 1 });
}

export function root(one: Decimal): Decimal {
  if (one.digits < 0n) throw new FormulaFault('formula.negative_root');
  const shift = 2 * (DIGITS + 2) + (one.places % 2 ? 1 : 0);
  const given = one.digits * 10n ** BigInt(shift);
  const found = integerRoot(given);
  return settled({ digits: found * 10n + (found * found === given ? 0n : 1n), places: (one.places + shift) / 2 + 1 });
}

function integerRoot(value: bigint): bigint {
  if (value < 2n) return value;
  let found = 10n ** BigInt(Math.ceil(length(value) / 2));
  for (;;) {
    const next = (found + value / found) / 2n;
    if (next >= found) return found;
    found = next;
  }
}

/** Without more digits than a number holds: half to even. Never with negative places. */
export function settled(one: Decimal): Decimal {
  const trimmed = normal(one);
  const excess = length(trimmed.digits) - DIGITS;
  if (excess <= 0) return upright(trimmed);
  const step = 10n ** BigInt(excess);
  const [kept, rest] = [size(trimmed.digits) / step, size(trimmed.digits) % step];
  const up = rest * 2n > step || (rest * 2n === step && kept % 2n === 1n);
  const digits = kept + (up ? 1n : 0n);
  return upright(normal({ digits: trimmed.digits < 0n ? -digits : digits, places: trimmed.places - excess }));
}

/** To so many places, which may be negative; exact. */
export function roundedTo(one: Decimal, places: number, how: Rounding): Decimal {
  if (one.places <= places) return one;
  const step = 10n ** BigInt(one.places - places);
  const [kept, rest] = [size(one.digits) / step, size(one.digits) % step];
  const below = one.digits < 0n;
  const up = rest !== 0n && (how === 'up' || (how === 'half' && rest * 2n >= step) || (how === 'floor' && below) || (how === 'ceiling' && !below));
  const digits = kept + (up ? 1n : 0n);
  return upright({ digits: below ? -digits : digits, places });
}

/** As `quantize`: raises where the result has more digits than a number holds. */
export function quantized(one: Decimal, places: number, how: Rounding): Decimal {
  const found = roundedTo(one, places, how);
  const digits = found.digits * 10n ** BigInt(Math.max(places - found.places, 0));
  if (length(digits) - Math.max(-places, 0) > DIGITS) throw new FormulaFault('formula.too_large');
  return places > found.places ? { digits, places } : found;
}

/** The power of ten of its first digit. */
export function magnitude(one: Decimal): number {
  return length(one.digits) - one.places - 1;
}

/** A whole number towards zero, as far as JavaScript counts: what is larger is only ever too large. */
export function toInt(one: Decimal): number {
  const digits = one.digits / 10n ** BigInt(one.places);
  const far = BigInt(Number.MAX_SAFE_INTEGER);
  return Number(digits > far ? far : digits < -far ? -far : digits);
}

export const isWhole = (one: Decimal): boolean => order(roundedTo(one, 0, 'down'), one) === 0;

/** Raises RangeError for what is no number of our JSON. */
export function numberOf(value: unknown): Decimal {
  const found = typeof value === 'string' || Number.isSafeInteger(value) ? decimal(value as string | number) : null;
  if (!found || (typeof value === 'string' && value !== value.trim())) throw new RangeError(String(value));
  return found;
}

function normal(one: Decimal): Decimal {
  if (one.digits === 0n) return ZERO;
  let { digits, places } = one;
  const zeros = /0*$/.exec(String(digits))?.[0].length ?? 0;
  if (zeros) {
    digits /= 10n ** BigInt(zeros);
    places -= zeros;
  }
  return { digits, places };
}

function upright(one: Decimal): Decimal {
  return one.places < 0 ? { digits: one.digits * 10n ** BigInt(-one.places), places: 0 } : one;
}

function size(value: bigint): bigint {
  return value < 0n ? -value : value;
}

function length(value: bigint): number {
  return String(size(value)).length;
}
