/** A calendar as the server keeps it (`schemas/calendar.json`). */
import type { Doc, Text } from '../../core/types';

export interface Hours {
  uid: string;
  from: string;
  to: string;
}

/** One shift of the week; 1 is Monday. */
export interface Shift extends Hours {
  days: number[];
}

/** Dates on which it is otherwise: off, worked like a weekday, or with hours of their own. */
export interface DateRow {
  uid: string;
  title?: Text;
  from: string;
  to?: string;
  like?: number;
  shifts?: Hours[];
}

export interface Years {
  from: number;
  to: number;
}

export interface CalendarDoc extends Doc {
  kind: 'calendar';
  zone: string;
  shifts: Shift[];
  dates?: DateRow[];
  years?: Years;
}

export const WEEK = [1, 2, 3, 4, 5, 6, 7] as const;
