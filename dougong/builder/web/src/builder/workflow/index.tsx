/** The editor of a workflow. */
import { lazy } from 'react';

import type { WorkflowDoc } from '../../core/types';
import type { Editor } from '../editor';
import { Around } from './Around';
import { Canvas } from './Canvas';
import { copied, pasted } from './clipboard';
import { mended } from './mending';
import { Palette } from './Palette';
import { removalWords, remove } from './removing';

/** The canvas is there first. */
const Inspector = lazy(() => import('./Inspector').then((found) => ({ default: found.Inspector })));

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
  all: (draft) => [...draft.nodes.map(({ uid }) => ({ group: 'nodes', uid })), ...(draft.notes ?? []).map(({ uid }) => ({ group: 'notes', uid }))],
};
