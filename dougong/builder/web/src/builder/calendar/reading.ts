/** The holidays of a year from pasted text: the official notice as it is published, or lines as in a spreadsheet. */
import type { Text } from '../../core/types';
import { dated, iso } from './days';
import { dayAfter } from './edits';
import type { DateRow } from './types';

export interface Read {
  from: string;
  to: string;
  work: boolean;
  title: string;
}

export interface Found {
  rows: Read[];
  /** Lines that were not understood. */
  bad: string[];
}

const NAMES: Record<string, string> = {
  元旦: 'New Year', 春节: 'Spring Festival', 清明节: 'Qingming', 劳动节: 'Labour Day', 端午节: 'Dragon Boat Festival', 中秋节: 'Mid-Autumn Festival', 国庆节: 'National Day',
};
const OFF = /^(放假|休|休息|休假|节假日|假日|holiday|off|closed|0)$/i;
const WORK = /^(上班|补班|调休|调休上班|班|工作日|work|workday|working|open|1)$/i;
const WEEKDAY = '(?:\\s*[（(][^）)]*[）)])?';
const NOTICE = new RegExp(`(\\d{1,2})月(\\d{1,2})日${WEEKDAY}(?:\\s*(?:至|到|-|–|—|~)\\s*(?:(\\d{1,2})月)?(\\d{1,2})日${WEEKDAY})?`, 'g');

/** `year` is meant where the text names none. */
export function readDates(text: string, year: number): Found {
  const meant = Number(/((?:19|20|21)\d\d)\s*年/.exec(text)?.[1] ?? year);
  if (/月\d{1,2}日[^\n]*(放假|上班)/.test(text)) return notice(text, meant);
  return lines(text, meant);
}

function notice(text: string, year: number): Found {
  const rows: Read[] = [];
  for (const part of text.split(/\n|(?=[一二三四五六七八九十]+、[^：:，。）)\d]{2,12}[：:])/)) {
    const title = /^\s*(?:[一二三四五六七八九十]+、)?\s*([^：:，。\d]{2,12})[：:]/.exec(part)?.[1]?.trim() ?? '';
    for (const sentence of part.split(/[。；;]/)) {
      const work = /上班/.test(sentence);
      if (!work && !/放假|休息|补休/.test(sentence)) continue;
      for (const [, month, day, lastMonth, lastDay] of sentence.matchAll(NOTICE)) {
        const from = date(year, month, day);
        const to = lastDay ? date(year, lastMonth ?? month, lastDay) : from;
        if (from && to) rows.push({ from, to: to < from ? (date(year + 1, lastMonth ?? month, lastDay) ?? from) : to, work, title });
      }
    }
  }
  return { rows, bad: [] };
}

function lines(text: string, year: number): Found {
  const rows: Read[] = [];
  const bad: string[] = [];
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (!line.trim()) continue;
    const row = readLine(line, year);
    if (row) rows.push(row);
    else if (index > 0) bad.push(line.trim()); // the first may be a head
  }
  return { rows: joined(rows), bad };
}

function readLine(line: string, year: number): Read | null {
  const dates: string[] = [];
  let work = false;
  let title = '';
  for (const cell of line.split(/[\t,，;；]|\s{2,}/).map((one) => one.trim().replace(/^"|"$/g, '')).filter(Boolean)) {
    const ends = cell.split(/\s*(?:~|～|至|到|–|—|\.\.)\s*/);
    const read = ends.map((one) => readDate(one, year));
    if (read.every(Boolean)) dates.push(...(read as string[]));
    else if (WORK.test(cell)) work = true;
    else if (!OFF.test(cell)) title ||= cell.slice(0, 60);
  }
  const [from, to = from] = dates.toSorted();
  return from && to && dates.length < 3 ? { from, to, work, title } : null;
}

function readDate(text: string, year: number): string | null {
  const full = /^(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?$/.exec(text) ?? /^(\d{4})(\d\d)(\d\d)$/.exec(text);
  if (full) return date(Number(full[1]), full[2], full[3]);
  const short = /^(\d{1,2})\s*[/月]\s*(\d{1,2})\s*日?$/.exec(text);
  return short ? date(year, short[1], short[2]) : null;
}

function date(year: number, month: string | undefined, day: string | undefined): string | null {
  const text = `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
  const at = dated(text);
  return Number.isNaN(at.getTime()) || iso(at) !== text ? null : text;
}

/** Days off of one name that follow each other are one row. */
function joined(rows: readonly Read[]): Read[] {
  const found: Read[] = [];
  for (const row of rows.toSorted((one, other) => one.from.localeCompare(other.from))) {
    const last = found.at(-1);
    if (last && !row.work && !last.work && last.title === row.title && dayAfter(last.to) === row.from) found.splice(-1, 1, { ...last, to: row.to });
    else found.push(row);
  }
  return found;
}

/** As a calendar keeps it. `like`: the weekday that a make-up day is worked like. */
export function kept({ from, to, work, title }: Read, like: number | undefined, tag: string): Omit<DateRow, 'uid'> {
  const words: Text | undefined = NAMES[title] ? { 'zh-Hans': title, en: NAMES[title] } : title ? { [tag]: title } : undefined;
  return { from, ...(to === from ? {} : { to }), ...(work && like ? { like } : {}), ...(words ? { title: words } : {}) };
}
