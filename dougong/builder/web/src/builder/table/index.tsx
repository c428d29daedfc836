/** The editor of a decision table: a spreadsheet of rules, with a bench beside it to try them. */
import type { Editor } from '../editor';
import { Around } from './Around';
import { Canvas } from './Canvas';
import { Inspector } from './Inspector';
import type { Table } from './types';
import './table.css';

const KEYS = [
  ['undo', 'Ctrl Z'], ['redo', 'Ctrl Shift Z'], ['save', 'Ctrl S'], ['cells', '← ↑ → ↓'], ['range', 'Shift ↑ ↓'], ['edit_cell', 'Enter'], ['fill', 'Ctrl D'], ['copy', 'Ctrl C'], ['paste_table', 'Ctrl V'], ['clear', 'Delete'], ['move_row', 'Alt ↑ ↓'],
] as const;

export const editor = { kind: 'table', Around, Canvas, Inspector, keys: KEYS } as Editor<Table> as unknown as Editor;
