/** The editor of a workflow. */
import { lazy } from 'react';

import { withMore } from '../../core/i18n';
import type { WorkflowDoc } from '../../core/types';
import type { Editor } from '../editor';
import { Around } from './Around';
import { Canvas } from './Canvas';
import { copied, pasted } from './clipboard';
import { mended } from './mending';
import { Palette } from './Palette';
import { removalWords, remove } from './removing';

const KEYS = [
  ['undo', 'Ctrl Z'], ['redo', 'Ctrl Shift Z'], ['save', 'Ctrl S'], ['copy', 'Ctrl C'], ['paste', 'Ctrl V'], ['duplicate', 'Ctrl D'], ['all', 'Ctrl A'], ['find', 'Ctrl F'],
  ['select', 'Enter'], ['open', 'Enter Enter'], ['move', '← ↑ → ↓'], ['walk', 'Alt ← ↑ → ↓'], ['more', 'Shift'], ['box', 'Shift'], ['unguided', 'Alt'], ['delete', 'Delete'], ['deselect', 'Esc'],
  ['add', 'Enter'], ['collapse', '-'], ['expand', '+'], ['help', '?'],
] as const;

/** The canvas is there first. */
const Inspector = lazy(() => withMore(import('./Inspector')).then((found) => ({ default: found.Inspector })));

export const editor: Editor<WorkflowDoc> = {
  kind: 'workflow',
  Around,
  Palette,
  Canvas,
  Inspector,
  remove,
  removalWords,
  copied,
  pasted,
  mended,
  keys: KEYS,
  all: (draft) => [...draft.nodes.map(({ uid }) => ({ group: 'nodes', uid })), ...(draft.notes ?? []).map(({ uid }) => ({ group: 'notes', uid }))],
  exported: { address: (where) => `${where.base}/builder/bpmn/${where.id}.bpmn`, words: 'builder.exported.bpmn' },
};
