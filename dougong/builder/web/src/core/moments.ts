/** Days, times and moments as people type them, and moments on a clock on the wall. Pure. Null: not understood. */
import { clockAt } from './clock';

/** Full-width signs as the plain ones. */
function half(text: string): string {
  return text.replace(/[０-９／．－：]/g, (one) => String.fromCharCode(one.charCodeAt(0) - 0xfee0)).trim();
}

/** 2026-1-5, 2026/01/05, 2026.1.5, 2026年1月5日, 20260105: as 2026-01-05. */
export function readDay(text: string): string | null {
  const said = half(text);
  const [, year = '', month = '', date = ''] = /^(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?$/.exec(said) ?? /^(\d{4})(\d\d)(\d\d)$/.exec(said) ?? [];
  const day = `${year}-${month.padStart(2, '0')}-${date.padStart(2, '0')}`;
  const at = new Date(`${day}T00:00:00Z`);
  return year <= '0000' || Number.isNaN(at.getTime()) || at.toISOString().slice(0, 10) !== day ? null : day;
}

/** 9:30, 09:30:00, 930: as 09:30. */
export function readTime(text: string): string | null {
  const [, hour = '', minute = ''] = /^(\d{1,2}):?(\d\d)(?::\d\d)?$/.exec(half(text)) ?? [];
  return hour === '' || Number(hour) > 23 || Number(minute) > 59 ? null : `${hour.padStart(2, '0')}:${minute}`;
}

const STEP = 15; // minutes

/** A time of day some quarters of an hour later. */
export function turned(time: string, steps: number): string {
  const minutes = (Number(time.slice(0, 2)) * 60 + Number(time.slice(3)) + steps * STEP + 1440) % 1440;
  return [Math.floor(minutes / 60), minutes % 60].map((one) => String(one).padStart(2, '0')).join(':');
}

/** A day and perhaps a time, 2026/1/5 9:30: as 2026-01-05 09:30. */
export function readWall(text: string): string | null {
  const [, first = '', second = '00:00'] = /^(.*?)(?:[\sT]+(\d{1,2}[:：]?\d\d(?:[:：]\d\d)?))?$/.exec(text.trim()) ?? [];
  const [day, time] = [readDay(first), readTime(second)];
  return day && time ? `${day} ${time}` : null;
}

/** The zone in which this page means its moments: the company's, else the reader's. */
export function zoneHere(): string {
  return (typeof document !== 'undefined' && document.documentElement.dataset['zone']) || Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** 中国标准时间, Central European Time. */
export function zoneName(language: string): string {
  const words = new Intl.DateTimeFormat(language, { timeZone: zoneHere(), timeZoneName: 'longGeneric' });
  return words.formatToParts(0).find(({ type }) => type === 'timeZoneName')?.value ?? zoneHere();
}

/** A moment as it is kept, on the wall: 2026-01-05 09:30. Empty where it is none. */
export function wallOf(moment: string | Date, zone = zoneHere()): string {
  const at = new Date(moment).getTime();
  return Number.isNaN(at) ? '' : new Date(onWall(at, zone)).toISOString().slice(0, 16).replace('T', ' ');
}

/** What stands on the wall at that moment, as it is kept: 2026-01-05T01:30:00Z. In the hour that summer time leaves out, that of the clock not yet put forward. */
export function momentOf(wall: string, zone = zoneHere()): string {
  const meant = Date.parse(`${wall.replace(' ', 'T')}:00Z`);
  const before = meant - ahead(meant - 86_400_000, zone);
  const after = meant - ahead(meant + 86_400_000, zone);
  const at = onWall(before, zone) === meant || onWall(after, zone) !== meant ? before : after;
  return new Date(at).toISOString().replace('.000Z', 'Z');
}

function ahead(at: number, zone: string): number {
  return onWall(at, zone) - at;
}

function onWall(at: number, zone: string): number {
  return Number(clockAt(new Date(at), zone).wall(BigInt(at) * 1000n) / 1000n);
}
