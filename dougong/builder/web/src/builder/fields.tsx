/** The fields that may be named where one is: conditions, formulas and templates below ask for them. */
import { createContext, useContext } from 'react';

import type { FieldInfo } from '../core/fields';
import { pick } from '../core/i18n';
import type { Choice } from './parts/Pick';

const FieldsContext = createContext<readonly FieldInfo[]>([]);

export const WithFields = FieldsContext.Provider;

export function useFields(): readonly FieldInfo[] {
  return useContext(FieldsContext);
}

export function fieldTitle(field: FieldInfo): string {
  return pick(field.title) || field.key;
}

export function fieldChoices(fields: readonly FieldInfo[]): Choice[] {
  return fields.map((field) => ({ value: field.key, title: fieldTitle(field) }));
}
