/** The editor of a record type: that of a form, with what the list, the name and the import need besides. */
import type { EntityDoc } from '../../core/types';
import type { Editor } from '../editor';
import { PARTS } from './parts';

export const editor = { kind: 'entity', ...PARTS } as Editor<EntityDoc> as unknown as Editor;
