/** The kinds of value a field can hold, and how each is compared: the same answers as the server's `runtime/values.py`. */
import { exact, type Exact } from './exact';

/** Why a condition cannot be decided: it is wrong, not merely unanswered. */
export class ConditionFault extends Error {
  readonly code: string;
  readonly params: Record<string, unknown>;

  constructor(code: string, params: Record<string, unknown> = {}) {
    super(code);
    this.code = code;
    this.params = params;
  }
}

export type Comparable = string | boolean | Exact | bigint | string[] | null;

/** Nothing was filled in: null, the empty text, the empty list. Zero and false are answers. */
export function missing(value: unknown): boolean {
  return value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0);
}

/** Raises RangeError where the value is not of its kind. */
export function comparable(value: unknown, kind: string): Comparable {
  if (missing(value)) return null;
  switch (kind) {
    case 'number':
      return exact(value);
    case 'date':
      return day(String(value));
    case 'datetime':
      return moment(String(value));
    case 'boolean':
      return truth(value);
    case 'choices':
      return Array.isArray(value) ? value.map(words) : [words(value)];
    case 'files':
    case 'rows':
      return Array.isArray(value) ? value.map(() => '') : ['']; // only ever asked how many there are
    case 'region':
      return part(value, 'region');
    case 'person':
    case 'unit':
    case 'record':
      return part(value, 'id');
    default:
      return words(value);
  }
}

/** Text, or a whole number that stands where text is kept. */
function words(value: unknown): string {
  if (typeof value === 'string') return value;
  if (Number.isSafeInteger(value)) return String(value);
  throw new RangeError(String(value));
}

function truth(value: unknown): boolean {
  if (typeof value !== 'boolean') throw new RangeError(String(value));
  return value;
}

/** What a record, person or unit is called; what its id says where nobody has told. */
export function nameOf(value: unknown): string {
  const title = (value as { title?: string | Record<string, string> } | null)?.title;
  const found = typeof title === 'object' ? (title['zh-Hans'] ?? Object.values(title)[0]) : title;
  return found || part(value, 'id');
}

function part(value: unknown, name: string): string {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return words(value);
  const found = (value as Record<string, unknown>)[name];
  if (found === undefined) throw new RangeError(name);
  return words(found);
}

const DAY = /^(\d{4})-(\d{2})-(\d{2})(T.*)?$/;
const TIME = /^(\d{2})(?::?(\d{2})(?::?(\d{2})(?:[.,](\d+))?)?)?(Z|[+-]\d{2}(?::?\d{2}(?::?\d{2})?)?)$/;
const DAY_MS = 86_400_000;

/** A calendar day as its number since 1970; of a date and time the day, where it says it is. */
function day(text: string): bigint {
  const found = DAY.exec(text);
  if (!found) throw new RangeError(text);
  const [year, month, date] = found.slice(1, 4).map(Number) as [number, number, number];
  const at = new Date(0);
  at.setUTCFullYear(year, month - 1, date);
  if (year < 1 || at.getUTCMonth() !== month - 1 || at.getUTCDate() !== date) throw new RangeError(text);
  return BigInt(at.getTime() / DAY_MS);
}

/** A moment in microseconds. What does not say its zone is no point in time. */
function moment(text: string): bigint {
  const found = TIME.exec(text.slice(11));
  if (!found) throw new RangeError(text);
  const [, hour = '0', minute = '0', second = '0', fraction = '', zone = ''] = found;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) throw new RangeError(text);
  const seconds = BigInt(Number(hour) * 3600 + Number(minute) * 60 + Number(second));
  const micros = seconds * 1_000_000n + BigInt(fraction.slice(0, 6).padEnd(6, '0'));
  return day(text.slice(0, 10)) * BigInt(DAY_MS) * 1000n + micros - offset(zone);
}

function offset(zone: string): bigint {
  const [hours = 0, minutes = 0, seconds = 0] = zone.slice(1).replaceAll(':', '').match(/\d{2}/g)?.map(Number) ?? [];
  const total = BigInt(hours * 3600 + minutes * 60 + seconds) * 1_000_000n;
  return zone.startsWith('-') ? -total : total;
}
