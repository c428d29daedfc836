/** The fields that conditions, formulas and templates may name: those of a form, or of all forms that a workflow shows. */
import { documentOf, fieldType, type Library } from './library';
import type { Column, Field, FormDoc, Text, WorkflowDoc } from './types';

export interface FieldInfo extends Field {
  /** What its value is compared as (`runtime/values.py`); "none" holds no value. */
  kind: string;
  /** Of a table: its columns. */
  columns?: FieldInfo[];
}

/** All fields of a form or record type, in their order. */
export function fieldsOfForm(form: FormDoc | undefined, library: Library): FieldInfo[] {
  return (form?.sections ?? []).flatMap((section) => section.fields.map((field) => informed(field, library)));
}

/** The data of a ticket: the fields of all forms its workflow shows, the ticket's own form first; it also has the last word. */
export function fieldsOfWorkflow(doc: WorkflowDoc, library: Library): FieldInfo[] {
  const keys = [doc.form, ...doc.nodes.map((node) => node.config?.['form'] as string | undefined)];
  const found = new Map<string, FieldInfo>();
  for (const key of new Set(keys)) {
    const form = documentOf<FormDoc>(library, 'form', key)?.draft;
    for (const field of fieldsOfForm(form, library)) if (field.kind !== 'none' && !found.has(field.key)) found.set(field.key, field);
  }
  return [...found.values()];
}

export function informed(field: Field, library: Library): FieldInfo {
  const kind = fieldType(library, field.type)?.kind ?? 'none';
  const columns = kind === 'rows' ? { columns: columnsOf(field).map((one) => informed(one, library)) } : {};
  return { ...field, kind, ...columns };
}

export function columnsOf(field: Field): Column[] {
  const found = field.config?.['columns'];
  return Array.isArray(found) ? (found as Column[]) : [];
}

/** What the formulas of a row may name of the form around its table: what has one value, and no name of a column. */
export function seenFromRow(around: readonly FieldInfo[], columns: readonly Column[]): FieldInfo[] {
  return around.filter((one) => !['none', 'rows', 'files'].includes(one.kind) && !columns.some(({ key }) => key === one.key));
}

/** What is asked of each row of a table: its own fields go before those around it. */
export function seenInRow(fields: readonly FieldInfo[], table: string | undefined): readonly FieldInfo[] {
  const found = fields.find(({ key }) => key === table);
  const columns = (found?.columns ?? []).map((one) => ({ ...one, title: joinedTitle(found?.title ?? {}, one.title) }));
  return columns.length ? [...columns, ...fields.filter(({ key }) => !columns.some((one) => one.key === key))] : fields;
}

/** For formulas: the columns of a table stand behind it, as table.column, their kind in brackets. */
export function withColumns(fields: readonly FieldInfo[]): FieldInfo[] {
  return fields.flatMap((field) => [field, ...(field.columns ?? []).map((one) => ({ ...one, key: `${field.key}.${one.key}`, kind: `[${one.kind}]`, title: joinedTitle(field.title, one.title) }))]);
}

function joinedTitle(table: Text, column: Text): Text {
  return Object.fromEntries(Object.entries(column).map(([tag, words]) => [tag, `${table[tag] ?? ''}·${words}`]));
}
