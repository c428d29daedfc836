/** Texts, character by character (`runtime/functions/texts.py`): what takes two places in JavaScript is one. */
import { multiply, toInt, whole } from '../arithmetic';
import { inCapitals } from '../capitals';
import { dayOf, DAY_MICROS, dayParts, type Clock } from '../clock';
import { decimal, fixed, plain, type Decimal } from '../decimal';
import { FormulaFault } from '../fault';
import { fits } from '../pattern';
import { rounding } from './numbers';
import { isDay, isMoment, isNumber, plainly, wallOf, type FunctionOf, type Value } from './type';

const MAX_TEXT = 1_000_000;
/** What Python calls blank. */
export const BLANK = '[\\t\\n\\v\\f\\r\\x1c-\\x1f \\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]';
const AROUND = new RegExp(`^${BLANK}+|${BLANK}+$`, 'g');
const NUMBER_FORMAT = /^([^#0.,%]*)(#,##)?(0+)(\.0+)?(%?)([^#0.,%]*)$/;
const DATE_PARTS = /yyyy|YYYY|yy|MM|M|dd|DD|d|D|HH|hh|H|mm|m|ss|s/g;
const half = rounding('half');

const letters = (text: string): string[] => Array.from(text);
export const lengthOf = (text: string): number => letters(text).length;
const trimmed = (text: string) => text.replace(AROUND, '');

export function bounded(text: string): string {
  if (lengthOf(text) > MAX_TEXT) throw new FormulaFault('formula.text_too_long', { limit: MAX_TEXT });
  return text;
}

/** A value as text: as it is, or in a format such as 0.00, #,##0.00, 0%, yyyy-MM-dd, HH:mm. */
export function said(value: Value, clock: Clock, form = ''): string {
  if (value === null) return '';
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return value ? 'TRUE' : 'FALSE';
  if (isNumber(value)) return form ? formatted(value, form) : plain(value);
  if (isMoment(value)) return dated(wallOf(value.micros, clock), form || 'yyyy-MM-dd HH:mm');
  if (isDay(value)) return dated(value.day * DAY_MICROS, form || 'yyyy-MM-dd');
  return 'cells' in value ? '' : value.join(', ');
}

function formatted(value: Decimal, form: string): string {
  const found = NUMBER_FORMAT.exec(form);
  if (!found) throw new FormulaFault('formula.format', { found: letters(form).slice(0, 40).join('') });
  const [, before = '', grouped, zeros = '', fraction = '', percent = '', after = ''] = found;
  const wanted = Math.max(fraction.length - 1, 0);
  const exact = half(percent ? multiply(value, whole(100)) : value, whole(wanted));
  const [digits = '', places = ''] = fixed({ ...exact, digits: exact.digits < 0n ? -exact.digits : exact.digits }).split('.');
  const padded = digits.padStart(zeros.length, '0');
  const separated = grouped ? padded.replace(/\B(?=([0-9]{3})+$)/g, ',') : padded;
  return `${exact.digits < 0n ? '-' : ''}${before}${separated}${fraction ? `.${places.padEnd(wanted, '0')}` : ''}${percent}${after}`;
}

function dated(wall: bigint, form: string): string {
  const { year, month, day } = dayParts(dayOf(wall));
  const seconds = Number((wall - dayOf(wall) * DAY_MICROS) / 1_000_000n);
  const parts: Record<string, number> = { M: month, d: day, H: Math.floor(seconds / 3600), m: Math.floor(seconds / 60) % 60, s: seconds % 60 };
  return form.replace(DATE_PARTS, (sign) => {
    const name = { Y: 'y', D: 'd', h: 'H' }[sign.charAt(0)] ?? sign.charAt(0);
    return name === 'y' ? String(year).padStart(4, '0').slice(-sign.length) : String(parts[name]).padStart(sign.length, '0');
  });
}

export function joined(values: readonly Value[], clock: Clock): string {
  return bounded(values.map((value) => said(value, clock)).join(''));
}

function fixedTo(value: Decimal, digits: Decimal = whole(2)): string {
  const exact = half(value, digits);
  const places = Math.max(toInt(digits), 0);
  return fixed({ digits: exact.digits * 10n ** BigInt(places - exact.places), places });
}

const cut = (text: string, first: number, length: Decimal) => letters(text).slice(first, first + Math.max(toInt(length), 0)).join('');
const from = (start: Decimal) => Math.max(toInt(start), 1) - 1;

function replaced(text: string, start: Decimal, length: Decimal, fresh: string): string {
  const all = letters(text);
  return all.slice(0, from(start)).join('') + fresh + all.slice(from(start) + Math.max(toInt(length), 0)).join('');
}

/** Every one, or only the nth. */
function substituted(text: string, old: string, fresh: string, nth?: Decimal): string {
  if (!old) return text;
  const pieces = text.split(old);
  if (nth === undefined) {
    if (lengthOf(text) + (pieces.length - 1) * lengthOf(fresh) > MAX_TEXT) throw new FormulaFault('formula.text_too_long', { limit: MAX_TEXT });
    return pieces.join(fresh);
  }
  const at = toInt(nth);
  return at < 1 || at >= pieces.length ? text : pieces.slice(0, at).join(old) + fresh + pieces.slice(at).join(old);
}

/** Counted from 1; 0: not there. */
function found(text: string, part: string, start: Decimal): number {
  const all = letters(text);
  const skipped = all.slice(0, from(start)).join('');
  if (from(start) > all.length) return 0;
  const at = text.indexOf(part, skipped.length);
  return at < 0 ? 0 : lengthOf(text.slice(0, at)) + 1;
}

/** Letter by letter: positions stay. */
function small(text: string): string {
  return letters(text).map((letter) => (lengthOf(letter.toLowerCase()) === 1 ? letter.toLowerCase() : letter)).join('');
}

function repeated(text: string, times: Decimal): string {
  const count = Math.max(toInt(times), 0);
  if (lengthOf(text) * count > MAX_TEXT) throw new FormulaFault('formula.text_too_long', { limit: MAX_TEXT });
  return text ? text.repeat(count) : '';
}

function valueOf(text: string): Decimal {
  const digits = trimmed(text.replaceAll(',', '')) || '0';
  const found = /^-?[0-9]+(\.[0-9]+)?$/.test(digits) ? decimal(digits) : null;
  if (!found) throw new FormulaFault('formula.not_a_number', { found: letters(text).slice(0, 40).join('') });
  return found;
}

function capitals(value: Decimal): string {
  const words = inCapitals(value);
  if (words === null) throw new FormulaFault('formula.too_large');
  return words;
}

const ONE = whole(1);

export const TEXTS: Record<string, FunctionOf> = {
  CONCATENATE: { takes: ['[any]'], gives: 'text', call: (values, clock) => joined(values, clock) },
  CONTAINS: plainly(['text', 'text'], 'boolean', (text: string, part: string) => text.includes(part)),
  EXACT: plainly(['text', 'text'], 'boolean', (one: string, other: string) => one === other),
  FIND: plainly(['text', 'text', 'number'], 'number', (part: string, text: string, start: Decimal = ONE) => whole(found(text, part, start) || -1), 1),
  FIXED: plainly(['number', 'number'], 'text', fixedTo, 1),
  LEFT: plainly(['text', 'number'], 'text', (text: string, n: Decimal = ONE) => cut(text, 0, n), 1),
  LEN: plainly(['text'], 'number', (text: string) => whole(lengthOf(text))),
  LIKE: plainly(['text', 'text'], 'boolean', fits),
  LOWER: plainly(['text'], 'text', (text: string) => text.toLowerCase()),
  MID: plainly(['text', 'number', 'number'], 'text', (text: string, start: Decimal, length: Decimal) => cut(text, from(start), length)),
  REPLACE: plainly(['text', 'number', 'number', 'text'], 'text', replaced),
  REPT: plainly(['text', 'number'], 'text', repeated),
  RIGHT: plainly(['text', 'number'], 'text', (text: string, n: Decimal = ONE) => (toInt(n) > 0 ? letters(text).slice(-toInt(n)).join('') : ''), 1),
  RMBCAP: plainly(['number'], 'text', capitals),
  SEARCH: plainly(['text', 'text', 'number'], 'number', (part: string, text: string, start: Decimal = ONE) => whole(found(small(text), small(part), start)), 1),
  SUBSTITUTE: plainly(['text', 'text', 'text', 'number'], 'text', substituted, 1),
  TEXT: { takes: ['any', 'text'], gives: 'text', optional: 1, call: ([value = null, form], clock) => said(value, clock, form as string | undefined) },
  TRIM: plainly(['text'], 'text', trimmed),
  UPPER: plainly(['text'], 'text', (text: string) => text.toUpperCase()),
  VALUE: plainly(['text'], 'number', valueOf),
};
