/** Exact decimal arithmetic for what the editors say about amounts: sums, products, roundings, never a binary fraction. */

/** digits * 10^-places */
export interface Decimal {
  digits: bigint;
  places: number;
}

const NUMBER = /^(-?)(\d+)(?:\.(\d+))?$/;

/** Null for what is no decimal text. */
export function decimal(text: string | number | undefined | null): Decimal | null {
  const found = NUMBER.exec(String(text ?? '').trim());
  if (!found) return null;
  const [, sign, whole = '', fraction = ''] = found;
  return { digits: BigInt(`${sign}${whole}${fraction}`), places: fraction.length };
}

/** 1,234.50 without its commas. Where they group no thousands (12,5) it stays as it is, and is no number. */
export function ungrouped(text: string): string {
  return /^-?\d{1,3}(,\d{3})+(\.\d*)?$/.test(text) ? text.replaceAll(',', '') : text;
}

export const ZERO: Decimal = { digits: 0n, places: 0 };

export function plus(one: Decimal, other: Decimal): Decimal {
  const places = Math.max(one.places, other.places);
  return { digits: scaled(one, places) + scaled(other, places), places };
}

export function minus(one: Decimal, other: Decimal): Decimal {
  return plus(one, { ...other, digits: -other.digits });
}

export function times(one: Decimal, other: Decimal): Decimal {
  return { digits: one.digits * other.digits, places: one.places + other.places };
}

/** A hundredth: what a percentage is of one. */
export function hundredth(one: Decimal): Decimal {
  return { ...one, places: one.places + 2 };
}

/** -1, 0 or 1. */
export function order(one: Decimal, other: Decimal): number {
  const { digits } = minus(one, other);
  return digits < 0n ? -1 : digits > 0n ? 1 : 0;
}

/** 四舍五入: half away from zero. */
export function rounded(one: Decimal, places: number): Decimal {
  if (one.places <= places) return { digits: scaled(one, places), places };
  const step = 10n ** BigInt(one.places - places);
  const size = one.digits < 0n ? -one.digits : one.digits;
  const up = (size + step / 2n) / step;
  return { digits: one.digits < 0n ? -up : up, places };
}

/** As plain text without needless zeros: 10.50 is 10.5. */
export function plain(one: Decimal): string {
  const text = fixed(one);
  return one.places ? text.replace(/\.?0+$/, '') : text;
}

/** With all its places: 10.50 stays 10.50. */
export function fixed({ digits, places }: Decimal): string {
  const size = String(digits < 0n ? -digits : digits).padStart(places + 1, '0');
  const split = size.length - places;
  return `${digits < 0n ? '-' : ''}${size.slice(0, split)}${places ? `.${size.slice(split)}` : ''}`;
}

function scaled(one: Decimal, places: number): bigint {
  return one.digits * 10n ** BigInt(places - one.places);
}

/** 1234567.5 as 1,234,567.5. */
export function grouped(text: string): string {
  const [whole = '', fraction] = text.split('.');
  const separated = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return fraction === undefined ? separated : `${separated}.${fraction}`;
}
