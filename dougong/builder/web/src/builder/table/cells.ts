/** The cells of a decision table as people read and type them: >= 100, [100, 500), a、b, ≠ a, abc*, *abc*, (blank). Both ways. */
import { grouped } from '../../core/decimal';
import { listed, pick, t } from '../../core/i18n';
import { readDay } from '../../core/moments';
import type { Field, Option, Scalar } from '../../core/types';
import { readNumeric } from '../settlement/reading';
import type { Atom, Cell, Out } from './types';

/** What places and roles are called. */
export interface Names {
  place(code: string): string | undefined;
  placeCode(name: string): string | null;
  roles: readonly { value: string; title: string }[];
}

const SIGNS: Record<string, string> = { greater: '>', at_least: '≥', less: '<', at_most: '≤', after: '>', before: '<', equals: '', not_equals: '≠ ', one_of: '', not_one_of: '≠ ', within: '', not_within: '≠ ', includes: '', includes_any: '', includes_all: '' };

export function optionsOf(column: Field | undefined): Option[] {
  const found = column?.config?.['options'];
  return Array.isArray(found) ? found : [];
}

/** The empty text where anything goes; null where there is no short way to say it. */
export function cellText(cell: Cell | undefined, column: Field, kind: string, names: Names): string | null {
  if (!cell?.length) return '';
  const [one, other] = cell;
  if (cell.length === 1 && one) return atomText(one, column, kind, names);
  const low = cell.find((atom) => atom.operator === 'at_least' || atom.operator === 'greater');
  const high = cell.find((atom) => atom.operator === 'at_most' || atom.operator === 'less');
  if (cell.length !== 2 || !other || !low || !high || low.value === undefined || high.value === undefined) return null;
  const said = (atom: Atom) => word(atom.value as Scalar, column, kind, names);
  return `${low.operator === 'at_least' ? '[' : '('}${said(low)}, ${said(high)}${high.operator === 'at_most' ? ']' : ')'}`;
}

function atomText({ operator, value }: Atom, column: Field, kind: string, names: Names): string | null {
  if (operator === 'empty') return t('builder.table.blank');
  if (operator === 'not_empty') return t('builder.table.not_blank');
  if (operator === 'is_true' || operator === 'is_false') return t(operator === 'is_true' ? 'builder.form.yes' : 'builder.form.no');
  const given = (Array.isArray(value) ? value : [value]).filter((item): item is Scalar => item !== undefined && item !== null && item !== '');
  if (!given.length) return null;
  const words = given.map((item) => word(item, column, kind, names));
  if (operator === 'between') return words.length === 2 ? `${words[0]} ~ ${words[1]}` : null;
  if (operator === 'contains' || operator === 'contains_any') return listed(words.map((item) => `*${item}*`));
  if (operator === 'not_contains') return `≠ *${words[0]}*`;
  if (operator === 'starts_with') return `${words[0]}*`;
  if (operator === 'ends_with') return `*${words[0]}`;
  const sign = SIGNS[operator];
  return sign === undefined ? null : sign + (operator === 'includes_all' ? words.join(' + ') : listed(words));
}

function word(value: Scalar, column: Field, kind: string, names: Names): string {
  const option = optionsOf(column).find((one) => one.key === value);
  if (option) return pick(option.title) || option.key;
  if (kind === 'region') return names.place(String(value)) ?? String(value);
  return kind === 'number' ? grouped(String(value)) : String(value);
}

const HALF = /[０-９．，－％（）［］＜＞＝～＊＋]/g;
const ANYTHING = ['', '*', '任意', '不限', '全部', 'any', 'all', '-', '—'];

/** Null: not understood. */
export function readCell(text: string, column: Field, kind: string, names: Names): { cell: Cell | undefined } | null {
  const said = text.replace(HALF, (one) => String.fromCharCode(one.charCodeAt(0) - 0xfee0)).trim();
  const folded = said.toLowerCase();
  if (ANYTHING.includes(folded)) return { cell: undefined };
  if (['空', '为空', 'blank', 'empty', t('builder.table.blank')].includes(folded)) return { cell: [{ operator: kind === 'boolean' ? 'is_false' : 'empty' }] };
  if (['非空', '不为空', 'not blank', 'not empty', t('builder.table.not_blank')].includes(folded)) return kind === 'boolean' ? null : { cell: [{ operator: 'not_empty' }] };
  const cell = READERS[kind]?.(said, column, names) ?? null;
  return cell && { cell };
}

type Reader = (said: string, column: Field, names: Names) => Cell | null;

const READERS: Record<string, Reader> = {
  number: (said) => ordered(said, readNumeric, { '>': 'greater', '>=': 'at_least', '<': 'less', '<=': 'at_most' }),
  date: (said) => ordered(said, readDay, { '>': 'after', '<': 'before' }),
  boolean: (said) => (/^(是|yes|true|1)$/i.test(said) ? [{ operator: 'is_true' }] : /^(否|no|false|0)$/i.test(said) ? [{ operator: 'is_false' }] : null),
  choice: (said, column) => several(said, (one) => optionKey(one, column), ['equals', 'one_of'], ['not_equals', 'not_one_of']),
  choices: (said, column) => {
    const all = said.includes('+') ? split(said, /\s*\+\s*/, (one) => optionKey(one, column)) : null;
    return all ? [{ operator: 'includes_all', value: all }] : several(said, (one) => optionKey(one, column), ['includes_any', 'includes_any'], null);
  },
  region: (said, _, names) => several(said, (one) => (/^\d{2,9}$/.test(one) ? one : names.placeCode(one)), ['within', 'within'], ['not_within', 'not_within']),
  text: (said) => texts(said),
};

function optionKey(said: string, column: Field): string | null {
  const alike = (one: string) => one.toLowerCase() === said.toLowerCase();
  return optionsOf(column).find((one) => alike(one.key) || Object.values(one.title).some(alike))?.key ?? null;
}

const MANY = ['one_of', 'not_one_of', 'within', 'not_within', 'includes_any'];
const NOT = /^(?:≠|!=|<>|非|不是|除|not\s+|except\s+)\s*(.+?)\s*(?:外|以外)?$/i;

/** One or several values, or none of them: `one` and `many` are the operators for each. */
function several(said: string, key: (one: string) => string | null, is: [string, string], isNot: [string, string] | null): Cell | null {
  const not = isNot && NOT.exec(said);
  const values = split(not?.[1] ?? said, /\s*[、,;；|\n]\s*/, key);
  if (!values) return null;
  const [one, many] = not && isNot ? isNot : is;
  const operator = values.length === 1 ? one : many;
  return [{ operator, value: MANY.includes(operator) ? values : (values[0] as string) }];
}

function split(said: string, by: RegExp, key: (one: string) => string | null): string[] | null {
  const found = said.split(by).filter(Boolean).map(key);
  return found.length && found.every((one) => one !== null) ? [...new Set(found as string[])] : null;
}

type Read = (text: string) => string | null;

/** >10, ≥10, 10以上, 10 ~ 50 and 10至50 with both ends, [10, 50) as written. */
function ordered(said: string, read: Read, signs: Record<string, string>): Cell | null {
  const bounds = /^([[(])\s*(.+?)\s*(?:,\s|;|，|、|\s~\s|,(?=[^,]*$))\s*(.+?)\s*([\])])$/.exec(said);
  if (bounds) {
    const [low, high] = [read(bounds[2] ?? ''), read(bounds[3] ?? '')];
    const [from, to] = [signs[bounds[1] === '[' ? '>=' : '>'], signs[bounds[4] === ']' ? '<=' : '<']];
    return low !== null && high !== null && from && to ? [{ operator: from, value: low }, { operator: to, value: high }] : null;
  }
  const both = /^(.+?)\s*(?:~|至|到|–|—|\.\.|\sto\s)\s*(.+)$/i.exec(said) ?? /^(\d[\d,.]*)\s*-\s*(\d[\d,.]*)$/.exec(said);
  const [low, high] = both ? [read(both[1] ?? ''), read(both[2] ?? '')] : [null, null];
  if (low !== null && high !== null) return [{ operator: 'between', value: [low, high] }];
  const signed = /^(>=|≥|=>|>|<=|≤|=<|<|≠|!=|<>|=)\s*(.+)$/.exec(said);
  if (signed) {
    const value = read(signed[2] ?? '');
    const sign = { '≥': '>=', '=>': '>=', '≤': '<=', '=<': '<=' }[signed[1] ?? ''] ?? signed[1] ?? '';
    const operator = { '≠': 'not_equals', '!=': 'not_equals', '<>': 'not_equals', '=': 'equals' }[sign] ?? signs[sign];
    return value === null || !operator ? null : [{ operator, value }];
  }
  const [least, below] = [/^(.+?)\s*(?:及?以上|起|\+)$/.exec(said), /^(?:不满|低于|below\s|under\s)\s*(.+)$/i.exec(said)];
  if (least && signs['>=']) return one(signs['>='], read(least[1] ?? ''));
  if (below && signs['<']) return one(signs['<'], read(below[1] ?? ''));
  return one('equals', read(said));
}

function one(operator: string, value: string | null): Cell | null {
  return value === null ? null : [{ operator, value }];
}

/** abc is the whole text; abc*, *abc and *abc* its beginning, end and any part. */
function texts(said: string): Cell | null {
  const not = NOT.exec(said);
  const words = (not?.[1] ?? said).split(/\s*[、;；|\n]\s*/).filter(Boolean).map((word) => word.slice(0, 200));
  const parts = words.map((word) => /^\*(.+)\*$/.exec(word)?.[1]);
  if (parts.every((part) => part !== undefined)) {
    if (not) return parts.map((part) => ({ operator: 'not_contains', value: part as string }));
    return [parts.length === 1 ? { operator: 'contains', value: parts[0] as string } : { operator: 'contains_any', value: parts as string[] }];
  }
  const only = words.length === 1 && !not ? (words[0] as string) : '';
  if (/^[^*]+\*$/.test(only)) return [{ operator: 'starts_with', value: only.slice(0, -1) }];
  if (/^\*[^*]+$/.test(only)) return [{ operator: 'ends_with', value: only.slice(1) }];
  if (words.some((word) => word.includes('*'))) return null;
  return several(words.join('、'), (word) => word, not ? ['not_equals', 'not_one_of'] : ['equals', 'one_of'], null);
}

/** What comes out, as it is typed: a formula begins with an equals sign. */
export function outText(out: Out | undefined, column: Field, kind: string, names: Names): string {
  if (!out) return '';
  if ('formula' in out) return `=${out.formula}`;
  const values = (Array.isArray(out.value) ? out.value : [out.value]).filter((one) => one !== null && one !== '');
  return listed(values.map((value) => valueText(value, column, kind, names)));
}

export function valueText(value: Scalar, column: Field, kind: string, names: Names): string {
  if (column.type === 'role') return names.roles.find((one) => one.value === value)?.title ?? String(value);
  if (kind === 'boolean') return t(value === true ? 'builder.form.yes' : 'builder.form.no');
  return word(value, column, kind, names);
}

/** Null: not understood. */
export function readOut(text: string, column: Field, kind: string, names: Names): { out: Out | undefined } | null {
  const said = text.trim();
  if (!said) return { out: undefined };
  if (said.startsWith('=')) return said.length > 1 ? { out: { formula: said.slice(1).trim().slice(0, 2000) } } : null;
  const value = readValue(said, column, kind, names);
  return value === null ? null : { out: { value } };
}

function readValue(said: string, column: Field, kind: string, names: Names): Scalar | Scalar[] | null {
  if (column.type === 'role') return names.roles.find((one) => one.value === said || one.title === said)?.value ?? null;
  switch (kind) {
    case 'number': {
      const found = readNumeric(said);
      return found !== null && column.type === 'rating' ? Number(found) : found;
    }
    case 'date':
      return readDay(said);
    case 'boolean':
      return /^(是|yes|true|1)$/i.test(said) ? true : /^(否|no|false|0)$/i.test(said) ? false : null;
    case 'choice':
      return optionKey(said, column);
    case 'choices':
      return split(said, /\s*[、,;；|\n]\s*/, (one) => optionKey(one, column));
    case 'region':
      return /^\d{2,9}$/.test(said) ? said : names.placeCode(said);
    default:
      return said.slice(0, 2000);
  }
}
