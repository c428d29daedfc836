/** The editor of a form. */
import type { FormDoc } from '../../core/types';
import type { Editor } from '../editor';
import { PARTS } from './parts';

export const editor = { kind: 'form', ...PARTS } as Editor<FormDoc> as unknown as Editor;
