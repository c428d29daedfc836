/** What time it is, and which calendar day a moment falls on, in the company's zone: the same days as the server's `operators/_days.py`. */

export const DAY_MICROS = 86_400_000_000n;

export interface Clock {
  /** In microseconds since 1970. */
  now: bigint;
  /** The number of its calendar day since 1970. */
  today: bigint;
  /** The wall clock of a moment, as microseconds of a day in Greenwich with the same numbers. Raises RangeError outside of the calendar. */
  wall(moment: bigint): bigint;
}

const FIRST = -719_162n; // 0001-01-01
const LAST = 2_932_896n; // 9999-12-31

export function clockAt(now: Date, zone: string): Clock {
  const words = new Intl.DateTimeFormat('en-US', {
    timeZone: zone, calendar: 'gregory', hourCycle: 'h23', era: 'short', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric',
  });
  const wall = (moment: bigint): bigint => {
    const millis = floorDiv(moment, 1000n);
    const parts = Object.fromEntries(words.formatToParts(Number(millis)).map(({ type, value }) => [type, value]));
    const year = parts['era'] === 'BC' ? 1 - Number(parts['year']) : Number(parts['year']);
    const seconds = BigInt(Number(parts['hour']) * 3600 + Number(parts['minute']) * 60 + Number(parts['second']));
    const day = dayNumber(year, Number(parts['month']), Number(parts['day']));
    if (day < FIRST || day > LAST) throw new RangeError(String(moment));
    return day * DAY_MICROS + seconds * 1_000_000n + (moment - floorDiv(moment, 1_000_000n) * 1_000_000n);
  };
  const moment = BigInt(now.getTime()) * 1000n;
  return { now: moment, today: dayOf(wall(moment)), wall };
}

export function dayOf(wall: bigint): bigint {
  return floorDiv(wall, DAY_MICROS);
}

export function dayNumber(year: number, month: number, day: number): bigint {
  const at = new Date(0);
  at.setUTCFullYear(year, month - 1, day);
  return BigInt(at.getTime() / 86_400_000);
}

export interface Day {
  year: number;
  month: number;
  day: number;
  /** Monday is 1. */
  weekday: number;
}

export function dayParts(day: bigint): Day {
  const at = new Date(Number(day) * 86_400_000);
  return { year: at.getUTCFullYear(), month: at.getUTCMonth() + 1, day: at.getUTCDate(), weekday: Number(mod(day + 3n, 7n)) + 1 };
}

export function floorDiv(value: bigint, by: bigint): bigint {
  return (value - mod(value, by)) / by;
}

export function mod(value: bigint, by: bigint): bigint {
  return ((value % by) + by) % by;
}
