/** Exact decimal numbers: read as the server reads them, compared without a binary fraction. */

/** (negative? -1 : 1) * digits * 10^exponent */
export interface Exact {
  sign: -1 | 0 | 1;
  /** Without leading or trailing zeros; empty for zero. */
  digits: string;
  exponent: number;
}

const NUMBER = /^(-?)([0-9]+)(?:\.([0-9]+))?$/;

/** Raises RangeError for anything else than a whole number or a decimal in text: a binary fraction, a boolean, 1e5, NaN. */
export function exact(value: unknown): Exact {
  if (typeof value === 'number' && !Number.isSafeInteger(value)) throw new RangeError(String(value));
  if (typeof value !== 'number' && typeof value !== 'string') throw new RangeError(String(value));
  const found = NUMBER.exec(String(value));
  if (!found) throw new RangeError(String(value));
  const [, sign, whole = '', fraction = ''] = found;
  const all = (whole + fraction).replace(/^0+/, '');
  const digits = all.replace(/0+$/, '');
  const exponent = all.length - digits.length - fraction.length;
  return digits ? { sign: sign === '-' ? -1 : 1, digits, exponent } : { sign: 0, digits: '', exponent: 0 };
}

export function compare(one: Exact, other: Exact): -1 | 0 | 1 {
  if (one.sign !== other.sign) return one.sign < other.sign ? -1 : 1;
  if (one.sign === 0) return 0;
  const larger = size(one, other);
  return (larger * one.sign) as -1 | 0 | 1;
}

function size(one: Exact, other: Exact): number {
  const magnitude = one.digits.length + one.exponent - (other.digits.length + other.exponent);
  if (magnitude) return Math.sign(magnitude);
  const length = Math.max(one.digits.length, other.digits.length);
  const a = BigInt(one.digits.padEnd(length, '0'));
  const b = BigInt(other.digits.padEnd(length, '0'));
  return a === b ? 0 : a < b ? -1 : 1;
}

/** Is it a whole multiple of the other? Of zero only zero is one. */
export function dividesEvenly(value: Exact, by: Exact): boolean {
  if (by.sign === 0 || value.sign === 0) return value.sign === 0;
  const shift = value.exponent - by.exponent;
  const [above, below] = [BigInt(value.digits) * 10n ** BigInt(Math.max(shift, 0)), BigInt(by.digits) * 10n ** BigInt(Math.max(-shift, 0))];
  return above % below === 0n;
}
