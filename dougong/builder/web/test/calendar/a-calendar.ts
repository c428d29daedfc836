/** An office of two shifts, with the Spring Festival of 2026. */
import type { CalendarDoc } from '../../src/builder/calendar/types';
import { text } from '../documents';

export const OFFICE: CalendarDoc = {
  format: 1, uid: 'c', kind: 'calendar', key: 'office', title: text('办公室'), zone: 'Asia/Shanghai',
  shifts: [
    { uid: 'am', days: [1, 2, 3, 4, 5], from: '09:00', to: '12:00' },
    { uid: 'pm', days: [1, 2, 3, 4, 5], from: '13:30', to: '18:00' },
  ],
  dates: [
    { uid: 'sf', title: text('春节'), from: '2026-02-15', to: '2026-02-23' },
    { uid: 'up', from: '2026-02-14', like: 1 },
    { uid: 'own', from: '2026-03-04', shifts: [{ uid: 'x', from: '09:00', to: '12:00' }] },
  ],
  years: { from: 2026, to: 2026 },
};
