/** The editor of a settlement: a tool of tables for finance people. */
import type { Editor } from '../editor';
import { Around } from './Around';
import { Canvas } from './Canvas';
import { Inspector } from './Inspector';
import type { Settlement } from './types';
import './settlement.css';

const KEYS = [
  ['undo', 'Ctrl Z'], ['redo', 'Ctrl Shift Z'], ['save', 'Ctrl S'], ['cells', '← ↑ → ↓'], ['range', 'Shift ↑ ↓'], ['edit_cell', 'Enter'], ['fill', 'Ctrl D'], ['copy', 'Ctrl C'], ['paste_table', 'Ctrl V'], ['clear', 'Delete'], ['move_row', 'Alt ↑ ↓'],
] as const;

export const editor = { kind: 'settlement', Around, Canvas, Inspector, keys: KEYS } as Editor<Settlement> as unknown as Editor;
