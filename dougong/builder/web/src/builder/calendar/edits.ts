/** The edits of a calendar: each answers a new document. */
import { newUid } from '../../core/uid';
import { dayOf, daysOf, iso, dated, hoursOn } from './days';
import { WEEK, type CalendarDoc, type DateRow, type Hours, type Shift } from './types';

export function setWhole<K extends keyof CalendarDoc>(doc: CalendarDoc, key: K, value: CalendarDoc[K] | undefined): CalendarDoc {
  const { [key]: _, ...rest } = doc;
  return (value === undefined ? rest : { ...doc, [key]: value }) as CalendarDoc;
}

/** A shift on the days of the one before it: the afternoon after the morning. */
export function addShift(doc: CalendarDoc): CalendarDoc {
  const days = doc.shifts.at(-1)?.days ?? [1, 2, 3, 4, 5];
  const [from, to] = [['09:00', '12:00'], ['13:00', '18:00'], ['19:00', '21:00']][Math.min(doc.shifts.length, 2)] as [string, string];
  return { ...doc, shifts: [...doc.shifts, { uid: newUid(), days, from, to }] };
}

export function setShift(doc: CalendarDoc, uid: string, part: Partial<Shift>): CalendarDoc {
  return { ...doc, shifts: doc.shifts.map((one) => (one.uid === uid ? { ...one, ...part } : one)) };
}

export function removeShift(doc: CalendarDoc, uid: string): CalendarDoc {
  return { ...doc, shifts: doc.shifts.filter((one) => one.uid !== uid) };
}

export function toggleDay(doc: CalendarDoc, uid: string, day: number): CalendarDoc {
  const days = doc.shifts.find((one) => one.uid === uid)?.days ?? [];
  return setShift(doc, uid, { days: WEEK.filter((one) => days.includes(one) !== (one === day)) });
}

/** The weekday that a make-up day is worked like: Monday, where that is worked. */
export function likeOf(doc: CalendarDoc): number | undefined {
  return WEEK.find((day) => hoursOn(doc, day).length);
}

export function addDate(doc: CalendarDoc, row: Omit<DateRow, 'uid'>): CalendarDoc {
  return { ...doc, dates: [...(doc.dates ?? []), { uid: newUid(), ...row }] };
}

export function setDate(doc: CalendarDoc, uid: string, next: DateRow): CalendarDoc {
  return { ...doc, dates: (doc.dates ?? []).map((one) => (one.uid === uid ? next : one)) };
}

export function removeDate(doc: CalendarDoc, uid: string): CalendarDoc {
  return { ...doc, dates: (doc.dates ?? []).filter((one) => one.uid !== uid) };
}

/** A row that is off, worked like a weekday, or (with hours) worked as they say. */
export function worked(row: DateRow, as: { like?: number; shifts?: Hours[] }): DateRow {
  const { like: _, shifts: __, ...rest } = row;
  return { ...rest, ...as };
}

/** The other way than the week says; back to the week where a row of this one day said so. A longer row stays as it is. */
export function toggleDate(doc: CalendarDoc, date: string): CalendarDoc {
  const row = (doc.dates ?? []).find((one) => daysOf(one).includes(date));
  if (row) return row.to && row.to !== row.from ? doc : removeDate(doc, row.uid);
  const like = likeOf(doc);
  const open = dayOf(doc, date, undefined).state === 'open';
  if (!open && !like) return doc;
  return addDate(doc, { from: date, ...(open ? {} : { like: like as number }) });
}

/** The list of a year instead of what stood there for its dates; the years that it is kept for grow with it. */
export function imported(doc: CalendarDoc, rows: readonly Omit<DateRow, 'uid'>[]): CalendarDoc {
  if (!rows.length) return doc;
  const taken = new Set(rows.map((row) => row.from.slice(0, 4)));
  const kept = (doc.dates ?? []).filter((row) => !taken.has(row.from.slice(0, 4)));
  const dates = [...kept, ...rows.map((row) => ({ uid: newUid(), ...row }))].toSorted((one, other) => one.from.localeCompare(other.from));
  const known = [...taken].map(Number);
  const years = { from: Math.min(...known, doc.years?.from ?? Infinity), to: Math.max(...known, doc.years?.to ?? 0) };
  return { ...doc, dates, years };
}

/** "09:00-12:00, 13:00-17:30" as hours; null: not understood. */
export function readHours(text: string): Hours[] | null {
  const found = text.split(/[,，;；、\s]+(?=\d)/).map((part) => /^\s*(\d{1,2})[:：](\d{2})\s*[-–—~～至到]\s*(\d{1,2})[:：](\d{2})\s*$/.exec(part));
  if (!text.trim() || found.some((one) => !one)) return null;
  return found.map((one) => {
    const [, h1, m1, h2, m2] = one as RegExpExecArray;
    return { uid: newUid(), from: `${h1?.padStart(2, '0')}:${m1}`, to: `${h2?.padStart(2, '0')}:${m2}` };
  });
}

export function dayAfter(date: string): string {
  return iso(new Date(dated(date).getTime() + 86_400_000));
}
