/** The editor of a settlement: a tool of tables for finance people. */
import type { Editor } from '../editor';
import { Around } from './Around';
import { Canvas } from './Canvas';
import { Inspector } from './Inspector';
import type { Settlement } from './types';
import './settlement.css';

export const editor = { kind: 'settlement', Around, Canvas, Inspector } as Editor<Settlement> as unknown as Editor;
