/** The one list of editors. Each is loaded when a document of its kind is opened. */
import type { Kind } from '../core/types';
import type { Editor } from './editor';

export const EDITORS: Partial<Record<Kind, () => Promise<{ editor: Editor }>>> = {
  workflow: () => import('./workflow'),
  form: () => import('./form'),
  entity: () => import('./form/entity'),
  table: () => import('./table'),
  settlement: () => import('./settlement'),
  calendar: () => import('./calendar'),
  role: () => import('./role'),
};
