/** What the editors of forms and of record types have in common. */
import type { FormDoc, Place } from '../../core/types';
import { Around } from './Around';
import { Canvas } from './Canvas';
import { allPlaces, copied, pasted, removePlaces } from './edits/places';
import { Inspector } from './Inspector';
import { Palette } from './Palette';
import './form.css';

export const PARTS = {
  Around,
  Palette,
  Canvas,
  Inspector,
  remove: (draft: FormDoc, places: readonly Place[]) => removePlaces(draft, places),
  all: allPlaces,
  copied,
  pasted: (draft: FormDoc, text: string) => pasted(draft, text),
  keys: [
    ['undo', 'Ctrl Z'], ['redo', 'Ctrl Shift Z'], ['save', 'Ctrl S'], ['add', 'Enter'], ['next_field', '↑ ↓'], ['move_field', 'Alt ↑ ↓'], ['grip', 'Enter ↑ ↓ Enter'], ['copy', 'Ctrl C'], ['paste', 'Ctrl V'],
    ['duplicate', 'Ctrl D'], ['all', 'Ctrl A'], ['delete', 'Delete'], ['deselect', 'Esc'],
  ] as const,
};
