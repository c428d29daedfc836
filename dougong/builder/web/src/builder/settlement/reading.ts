/** What people type or paste from a spreadsheet, read as a settlement keeps it. Null: not understood. */
import { decimal, plain, ungrouped } from '../../core/decimal';
import { readDay } from '../../core/moments';
import type { ChargeModel, Text } from '../../core/types';
import type { Cell, Input, Measure } from './types';
import { measureWords, optionsOf } from './words';

const HALF = /[０-９．，－％（）＜＞＝～]/g;

/** Full-width signs as the plain ones. */
function half(text: string): string {
  return text.replace(HALF, (one) => String.fromCharCode(one.charCodeAt(0) - 0xfee0)).trim();
}

const UNITS: Record<string, number> = { 万: 4, 亿: 8 };

/** 10万, 1,234.50, ¥80, 1.5%: as decimal text. */
export function readNumeric(text: string, most = 9): string | null {
  const found = /^[¥￥$]?\s*(-?)\s*[¥￥$]?([\d,]*\.?\d+|\d[\d,]*)\.?\s*([万亿])?\s*(?:元|%)?$/.exec(half(text));
  if (!found) return null;
  const value = decimal(`${found[1]}${ungrouped(found[2] ?? '').replace(/^\./, '0.')}`);
  if (!value) return null;
  const zeros = UNITS[found[3] ?? ''] ?? 0;
  const scaled = plain({ digits: value.digits * 10n ** BigInt(zeros), places: value.places });
  const [whole = '', fraction = ''] = scaled.split('.');
  return whole.replace('-', '').length > 18 || fraction.length > most ? null : scaled === '-0' ? '0' : scaled;
}

/** A percentage: not negative, below 10000, six places at most. */
export function readPercent(text: string): string | null {
  const found = readNumeric(text, 6);
  return found === null || found.startsWith('-') || found.split('.')[0]!.length > 4 ? null : found;
}

const ANYTHING = ['', '*', '任意', '全部', '不限', 'any', 'all', '—', '-'];

export const isAnything = (text: string): boolean => ANYTHING.includes(half(text).toLowerCase());

export interface ReadCell {
  /** Undefined: anything goes. */
  cell: Cell | undefined;
}

/** `place`: the code of a place by its name, where it is known. */
export function readCell(text: string, input: Input, kind: string, place: (name: string) => string | null): ReadCell | null {
  const said = half(text);
  if (isAnything(said)) return { cell: undefined };
  if (kind === 'number' || kind === 'date') return readRange(said, kind === 'date' ? readDay : readNumeric);
  const not = /^(?:除|非|不是|not\s+|except\s+)\s*(.+?)\s*(?:外|以外)?$/i.exec(said);
  const values = (not?.[1] ?? said).split(/\s*[、,;；|\n]\s*/).filter(Boolean).map((one) => readValue(one, input, kind, place));
  if (!values.length || values.some((one) => one === null)) return null;
  const known = [...new Set(values as string[])];
  return { cell: not ? { not_in: known } : { in: known } };
}

export function readValue(text: string, input: Input, kind: string, place: (name: string) => string | null): string | null {
  const said = half(text);
  if (kind === 'choice') {
    const same = (one: string) => one.toLowerCase() === said.toLowerCase();
    return optionsOf(input).find((one) => same(one.key) || Object.values(one.title).some(same))?.key ?? null;
  }
  if (kind === 'region') return /^\d{2,9}$/.test(said) ? said : place(said);
  if (kind === 'boolean') return /^(是|yes|true|1)$/i.test(said) ? 'true' : /^(否|no|false|0)$/i.test(said) ? 'false' : null;
  if (kind === 'number') return readNumeric(said);
  if (kind === 'date') return readDay(said);
  return said.slice(0, 200) || null;
}

type Read = (text: string) => string | null;

/** What parts both ends: a word or a sign, else a comma, which may stand in a number, too. */
const BETWEEN = [/至|到|~|–|—|\.\.| up to(?: but not including)? | until before | to |-/gi, /,/g];

/** 10万(含)以上至50万(不含), 10-50, ≥10, <50, 10以上, 不满50, 2026-10-01 起至 2026-11-01 前; one value alone is just that. */
export function readRange(text: string, read: Read): ReadCell | null {
  const said = half(text).replace(/\((?:不?含|incl\.?|excl\.?)\)/gi, '').replace(/\s+/g, ' ').trim();
  const alone = read(said);
  if (alone !== null) return { cell: { in: [alone] } };
  for (const found of BETWEEN.flatMap((between) => [...said.matchAll(between)])) {
    const from = read(said.slice(0, found.index).replace(/^[[(]?\s*(?:from )?/i, '').replace(/(?:以上|起)\s*$/, '').trim());
    const below = read(said.slice(found.index + found[0].length).replace(/\s*(?:以下|之间|前|[)\]])$/, '').trim());
    if (from !== null && below !== null) return { cell: { from, below } };
  }
  const low = read(said.replace(/^(?:>=|≥|from )\s*/i, '').replace(/\s*(?:及?以上|起|\+| and above)$/i, ''));
  if (low !== null) return { cell: { from: low } };
  const high = read(said.replace(/^(?:<|不满|below |under |before )\s*/i, '').replace(/\s*(?:以下|以内|前)$/i, ''));
  return high === null ? null : { cell: { below: high } };
}

export function readModel(text: string, models: readonly ChargeModel[]): ChargeModel | null {
  const folded = (one: string) => half(one).replace(/[\s()]/g, '').toLowerCase();
  const wanted = folded(text);
  const titles = (title: Text) => Object.values(title).map(folded);
  return models.find((one) => folded(one.name) === wanted || titles(one.title).includes(wanted)) ?? null;
}

/** As `measureWords` says it, or by the title or key of the input that is summed. */
export function readMeasure(text: string, inputs: readonly Input[], may: readonly Measure[]): Measure | null {
  const said = half(text).toLowerCase();
  return may.find((one) => measureWords(one, inputs).toLowerCase() === said || ('sum' in one && isInput(said, inputs.find(({ key }) => key === one.sum))) || ('count' in one && ['count', '笔数', '单数'].includes(said))) ?? null;
}

function isInput(said: string, input: Input | undefined): boolean {
  return input !== undefined && (input.key === said || Object.values(input.title).some((title) => title.toLowerCase() === said));
}

export interface ReadTier {
  below: string | null;
  value: string | undefined;
}

const OPEN = ['', '∞', '-', '—', '以上', 'above'];

/** Rows of a spreadsheet as tiers: (bound, value), (from, below, value) or (span in words, value). Rows that say nothing are left out. */
export function readTiers(rows: readonly string[][], readValueOf: Read): ReadTier[] {
  return rows.flatMap((row) => {
    const cells = row.map((one) => one.trim());
    const value = readValueOf(cells.at(-1) ?? '') ?? undefined;
    const bounds = cells.slice(0, -1);
    if (!bounds.length || (value === undefined && cells.at(-1))) return [];
    const last = bounds.at(-1) ?? '';
    if (bounds.length > 1) return [{ below: readNumeric(last), value }];
    const found = OPEN.includes(last) ? null : (readNumeric(last) ?? below(readRange(half(last), readNumeric)));
    return found === undefined ? [] : [{ below: found, value }];
  });
}

function below(read: ReadCell | null): string | null | undefined {
  const cell = read?.cell;
  if (!cell) return undefined;
  return 'in' in cell ? cell.in[0] : 'not_in' in cell ? undefined : (cell.below ?? null);
}
