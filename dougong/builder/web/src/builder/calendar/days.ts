/** What each day of a calendar is: open as the week says, off, a holiday, a make-up day, or with hours of its own. */
import type { CalendarDoc, DateRow, Hours } from './types';

export type State = 'open' | 'off' | 'holiday' | 'makeup' | 'special';

export interface Day {
  date: string;
  state: State;
  hours: Hours[];
  row?: DateRow;
}

const MS = 86_400_000;

export function iso(at: Date): string {
  return at.toISOString().slice(0, 10);
}

export function dated(text: string): Date {
  return new Date(`${text}T00:00:00Z`);
}

export function weekdayOf(date: string): number {
  return dated(date).getUTCDay() || 7;
}

/** The days from one to the other, both included; none where they are no dates or more than a year and a half apart. */
export function daysBetween(from: string, to: string): string[] {
  const count = (dated(to).getTime() - dated(from).getTime()) / MS + 1;
  if (!(count > 0 && count < 550)) return [];
  return Array.from({ length: count }, (_, index) => iso(new Date(dated(from).getTime() + index * MS)));
}

export function daysOf(row: DateRow): string[] {
  return daysBetween(row.from, row.to ?? row.from);
}

export function hoursOn(doc: CalendarDoc, weekday: number): Hours[] {
  return doc.shifts.filter((one) => one.days.includes(weekday)).toSorted((one, other) => one.from.localeCompare(other.from));
}

/** Every day of a year. */
export function yearOf(doc: CalendarDoc, year: number): Day[] {
  const rows = new Map((doc.dates ?? []).flatMap((row) => daysOf(row).map((date) => [date, row] as const)));
  return daysBetween(`${year}-01-01`, `${year}-12-31`).map((date) => dayOf(doc, date, rows.get(date)));
}

export function dayOf(doc: CalendarDoc, date: string, row: DateRow | undefined): Day {
  const usual = hoursOn(doc, weekdayOf(date));
  if (!row) return { date, state: usual.length ? 'open' : 'off', hours: usual };
  const hours = row.like ? hoursOn(doc, row.like) : (row.shifts ?? []);
  return { date, row, hours, state: hours.length ? (usual.length ? 'special' : 'makeup') : 'holiday' };
}

/** How long, in minutes; a shift that ends no later than it begins ends on the next day. */
export function minutesOf(hours: readonly Hours[]): number {
  const clock = (text: string) => Number(text.slice(0, 2)) * 60 + Number(text.slice(3, 5));
  return hours.reduce((sum, one) => sum + ((clock(one.to) - clock(one.from) + 1439) % 1440) + 1, 0);
}

export function said(hours: readonly Hours[]): string {
  return hours.map((one) => `${one.from}–${one.to}`).join(', ');
}
