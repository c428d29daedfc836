/** The editor of a calendar: the week, the year as a picture, and the dates on which it is otherwise. */
import type { Editor } from '../editor';
import { Canvas } from './Canvas';
import { Inspector } from './Inspector';
import type { CalendarDoc } from './types';
import './calendar.css';

export const editor = { kind: 'calendar', Canvas, Inspector } as Editor<CalendarDoc> as unknown as Editor;
