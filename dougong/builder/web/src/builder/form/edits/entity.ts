/** Edits of what a record type says of its fields: by which one people call a record, which are listed, which must not repeat. */
import type { EntityDoc } from '../../../core/types';

export const MOST_COLUMNS = 12;

export function setEntity<K extends 'name_field' | 'unique_field' | 'list_fields'>(doc: EntityDoc, name: K, value: EntityDoc[K] | undefined): EntityDoc {
  const { [name]: _, ...rest } = doc;
  return (value === undefined ? rest : { ...doc, [name]: value }) as EntityDoc;
}

export function listField(doc: EntityDoc, key: string, listed: boolean): EntityDoc {
  const columns = (doc.list_fields ?? []).filter((one) => one !== key);
  return setEntity(doc, 'list_fields', listed ? [...columns, key].slice(0, MOST_COLUMNS) : columns);
}

/** Before another column; to the end where `before` is none. */
export function moveListed(doc: EntityDoc, key: string, before: string | undefined): EntityDoc {
  const columns = doc.list_fields ?? [];
  if (!columns.includes(key) || before === key) return doc;
  const rest = columns.filter((one) => one !== key);
  const index = before === undefined ? -1 : rest.indexOf(before);
  return setEntity(doc, 'list_fields', rest.toSpliced(index < 0 ? rest.length : index, 0, key));
}

export function nudgeListed(doc: EntityDoc, key: string, by: -1 | 1): EntityDoc {
  const columns = doc.list_fields ?? [];
  const index = columns.indexOf(key);
  const to = index + by;
  if (index < 0 || to < 0 || to >= columns.length) return doc;
  return setEntity(doc, 'list_fields', columns.toSpliced(index, 1).toSpliced(to, 0, key));
}
