/** The one list of editors. Each is loaded, with what it says, when a document of its kind is opened. */
import { withMore } from '../core/i18n';
import type { Kind } from '../core/types';
import type { Editor } from './editor';

export const EDITORS: Record<Kind, () => Promise<{ editor: Editor }>> = {
  workflow: () => import('./workflow'),
  form: () => withMore(import('./form')),
  entity: () => withMore(import('./form/entity')),
  table: () => withMore(import('./table')),
  settlement: () => withMore(import('./settlement')),
  calendar: () => withMore(import('./calendar')),
  role: () => withMore(import('./role')),
};
