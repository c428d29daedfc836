/** Days and moments (`runtime/functions/dates.py`). A moment counts as its day wherever a date is wanted. */
import { divide, toInt, whole } from '../arithmetic';
import { dayNumber, dayParts, DAY_MICROS, dayOf, floorDiv, mod, type Clock } from '../clock';
import { ZERO, type Decimal } from '../decimal';
import { FormulaFault } from '../fault';
import { dayAt, plainly, wallOf, type Day, type FunctionOf, type Moment } from './type';

const ONE = whole(1);

/** Beyond what a calendar holds: far enough for any sum of it, near enough to count. */
const FAR = 10_000_000;

function near(value: Decimal): number {
  const found = toInt(value);
  if (Math.abs(found) > FAR) throw new FormulaFault('formula.no_such_day');
  return found;
}

function firstOf(month: number): bigint {
  const year = Math.floor(month / 12);
  if (year < 1 || year > 9999) throw new FormulaFault('formula.no_such_day');
  return dayNumber(year, (month % 12) + 1, 1);
}

function monthOf(day: bigint): number {
  const { year, month } = dayParts(day);
  return year * 12 + month - 1;
}

function lastDay(first: bigint): number {
  const { year, month } = dayParts(first);
  return dayParts(dayNumber(year, month + 1, 1) - 1n).day;
}

const later = (day: bigint, days: number): Day => dayAt(day + BigInt(days));

function monthsLater(day: bigint, months: number): Day {
  const first = firstOf(monthOf(day) + months);
  return later(first, Math.min(dayParts(day).day, lastDay(first)) - 1);
}

function monthEnd(day: bigint, months: number): Day {
  const first = firstOf(monthOf(day) + months);
  return later(first, lastDay(first) - 1);
}

/** Whole days, months or years; below zero where the end comes first. */
function difference(start: bigint, end: bigint, unit: string): number {
  if (end < start) return -difference(end, start, unit);
  const months = monthOf(end) - monthOf(start) - (dayParts(end).day < dayParts(start).day ? 1 : 0);
  switch (unit.toUpperCase()) {
    case 'D':
      return Number(end - start);
    case 'M':
      return months;
    case 'Y':
      return Math.floor(months / 12);
  }
  throw new FormulaFault('formula.unit', { found: unit.slice(0, 10) });
}

function weekday(day: bigint, kind: number): number {
  const found = dayParts(day).weekday;
  if (kind === 1) return (found % 7) + 1;
  if (kind === 2) return found;
  if (kind === 3) return found - 1;
  throw new FormulaFault('formula.week', { found: kind });
}

function week(day: bigint, kind: number): number {
  if (kind !== 1 && kind !== 2) throw new FormulaFault('formula.week', { found: kind });
  const first = dayNumber(dayParts(day).year, 1, 1);
  const before = kind === 1 ? dayParts(first).weekday % 7 : dayParts(first).weekday - 1;
  return Math.floor((Number(day - first) + before) / 7) + 1;
}

/** The week of the year that its Thursday lies in. */
function isoWeek(day: bigint): number {
  const thursday = day + 4n - BigInt(dayParts(day).weekday);
  return Math.floor(Number(thursday - dayNumber(dayParts(thursday).year, 1, 1)) / 7) + 1;
}

const MONDAY = dayNumber(1, 1, 1);

/** How many days from Monday to Friday there are up to this one, this one too. */
function working(day: bigint): bigint {
  const [weeks, rest] = [floorDiv(day - MONDAY, 7n), mod(day - MONDAY, 7n)];
  return weeks * 5n + (rest + 1n < 5n ? rest + 1n : 5n);
}

const isWeekend = (day: bigint) => dayParts(day).weekday > 5;

function workingDays(start: bigint, end: bigint): bigint {
  if (end < start) return -workingDays(end, start);
  return working(end) - working(start) + (isWeekend(start) ? 0n : 1n);
}

function workday(start: bigint, days: number): Day {
  if (!days) return { day: start };
  const wanted = working(start) + BigInt(days) + (days < 0 && isWeekend(start) ? 1n : 0n) - 1n;
  return dayAt(MONDAY + floorDiv(wanted, 5n) * 7n + mod(wanted, 5n));
}

const ofDay = (read: (day: bigint) => number): FunctionOf => plainly(['date'], 'number', ({ day }: Day) => whole(read(day)));
const ofClock = (read: (seconds: number) => number): FunctionOf => ({
  takes: ['datetime'], gives: 'number',
  call: ([value], clock: Clock) => {
    const wall = wallOf((value as Moment).micros, clock);
    return whole(read(Number(floorDiv(wall - dayOf(wall) * DAY_MICROS, 1_000_000n))));
  },
});

/** As in a spreadsheet month 13 is January of the next year, day 0 the last one of the month before. */
const date = (year: Decimal, month: Decimal, day: Decimal) => later(firstOf(near(year) * 12 + near(month) - 1), near(day) - 1);

export const DATES: Record<string, FunctionOf> = {
  DATE: plainly(['number', 'number', 'number'], 'date', date),
  DATEDELTA: plainly(['date', 'number'], 'date', ({ day }: Day, days: Decimal) => later(day, near(days))),
  DATEDIF: plainly(['date', 'date', 'text'], 'number', (start: Day, end: Day, unit = 'D') => whole(difference(start.day, end.day, unit)), 1),
  DAY: ofDay((day) => dayParts(day).day),
  DAYS: plainly(['date', 'date'], 'number', (end: Day, start: Day) => whole(end.day - start.day)),
  EDATE: plainly(['date', 'number'], 'date', ({ day }: Day, months: Decimal) => monthsLater(day, near(months))),
  EOMONTH: plainly(['date', 'number'], 'date', ({ day }: Day, months: Decimal = ZERO) => monthEnd(day, near(months)), 1),
  HOUR: ofClock((seconds) => Math.floor(seconds / 3600)),
  HOURS: plainly(['datetime', 'datetime'], 'number', (end: Moment, start: Moment) => divide(whole(end.micros - start.micros), whole(3_600_000_000))),
  ISOWEEKNUM: ofDay(isoWeek),
  MINUTE: ofClock((seconds) => Math.floor(seconds / 60) % 60),
  MONTH: ofDay((day) => dayParts(day).month),
  NETWORKDAYS: plainly(['date', 'date'], 'number', (start: Day, end: Day) => whole(workingDays(start.day, end.day))),
  NOW: { takes: [], gives: 'datetime', call: (_, clock) => ({ micros: clock.now }) },
  QUARTER: ofDay((day) => Math.floor((dayParts(day).month + 2) / 3)),
  SECOND: ofClock((seconds) => seconds % 60),
  TODAY: { takes: [], gives: 'date', call: (_, clock) => ({ day: clock.today }) },
  WEEKDAY: plainly(['date', 'number'], 'number', ({ day }: Day, kind: Decimal = ONE) => whole(weekday(day, toInt(kind))), 1),
  WEEKNUM: plainly(['date', 'number'], 'number', ({ day }: Day, kind: Decimal = ONE) => whole(week(day, toInt(kind))), 1),
  WORKDAY: plainly(['date', 'number'], 'date', ({ day }: Day, days: Decimal) => workday(day, near(days))),
  YEAR: ofDay((day) => dayParts(day).year),
};
