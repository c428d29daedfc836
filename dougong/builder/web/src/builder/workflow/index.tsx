/** The editor of a workflow. */
import type { Editor } from '../editor';
import { Canvas } from './Canvas';

export const editor: Editor = { kind: 'workflow', Canvas };
