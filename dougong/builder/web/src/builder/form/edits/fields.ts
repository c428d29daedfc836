/** Edits of the fields of a form or record type: each takes a document and answers a new one; a field keeps its uid wherever it goes. */
import { freeKey } from '../../../core/keys';
import type { Config, Field, FieldType, FormDoc, Section } from '../../../core/types';
import { newUid, withNewUids } from '../../../core/uid';
import { startingColumns, startingOptions } from './columns';
import { fieldsOf, standing } from './tree';

/** A new field of a type, called as the type is, with a key that is free in this document. */
export function newField(doc: FormDoc, type: FieldType): Field {
  const key = freeKey(type.name, fieldsOf(doc).map((field) => field.key));
  const config = startingConfig(type);
  return { uid: newUid(), key, type: type.name, title: { ...type.title }, ...(config ? { config } : {}) };
}

/** Two options, or three columns, to begin with where a type cannot do without. */
function startingConfig(type: FieldType): Config | undefined {
  if (type.config.required?.includes('parts')) return startingNumber();
  if (type.config.required?.includes('columns')) return { columns: startingColumns() };
  if (isTree(type)) return { options: startingTree() };
  return type.config.required?.includes('options') ? { options: startingOptions() } : undefined;
}

function isTree(type: FieldType): boolean {
  return type.config.properties?.['options']?.['x-widget'] === 'tree';
}

/** Options of a tree lie in each other and have no tone; those of a list the other way round. */
function optionsFor(type: FieldType, options: Config[]): Config[] {
  return options.map((option) => Object.fromEntries(Object.entries(option).filter(([name]) => name !== (isTree(type) ? 'tone' : 'parent'))));
}

function startingTree() {
  const [first, second] = startingOptions();
  return [first, { uid: newUid(), key: 'option_1_1', title: { 'zh-Hans': '选项 1.1', en: 'Option 1.1' }, parent: 'option_1' }, second];
}

/** 20260131-0001, counted anew every day. */
function startingNumber(): Config {
  const parts = [{ part: 'date' }, { part: 'text', text: '-' }, { part: 'counter', digits: 4 }];
  return { parts: parts.map((one) => ({ uid: newUid(), ...one })), reset: 'day' };
}

/** Into a section, before one of its fields; at its end where `before` is not there. */
export function addField<D extends FormDoc>(doc: D, field: Field, section: string, before?: string): D {
  return inSection(doc, section, (found) => ({ ...found, fields: inserted(found.fields, field, before) }));
}

/** After a field, or at the end of a section: where a click on the palette adds. Without sections one is made. */
export function addAfter<D extends FormDoc>(doc: D, field: Field, selected: string | undefined): D {
  const at = selected ? standing(doc, selected) : undefined;
  if (at) return addField(doc, field, at.section.uid, at.section.fields[at.index + 1]?.uid);
  const section = doc.sections.find((one) => one.uid === selected) ?? doc.sections.at(-1);
  if (section) return addField(doc, field, section.uid);
  return { ...doc, sections: [{ uid: newUid(), fields: [field] }] };
}

export function moveField<D extends FormDoc>(doc: D, uid: string, section: string, before?: string): D {
  const at = standing(doc, uid);
  const target = doc.sections.find((one) => one.uid === section);
  if (!at || !target || before === uid) return doc;
  if (at.section === target && (at.section.fields[at.index + 1]?.uid ?? undefined) === before) return doc;
  return addField(withoutFields(doc, [uid]), at.field, section, before);
}

/** One place up or down; over the edge of a section into the next one. */
export function nudgeField<D extends FormDoc>(doc: D, uid: string, by: -1 | 1): D {
  const at = standing(doc, uid);
  if (!at) return doc;
  const { section, index } = at;
  const inside = by < 0 ? section.fields[index - 1]?.uid : section.fields[index + 1] && (section.fields[index + 2]?.uid ?? null);
  if (inside !== undefined) return moveField(doc, uid, section.uid, inside ?? undefined);
  const next = doc.sections[doc.sections.indexOf(section) + by];
  return next ? moveField(doc, uid, next.uid, by < 0 ? undefined : next.fields[0]?.uid) : doc;
}

/** Another value of one property; `undefined` takes it away. */
export function setField<D extends FormDoc, K extends keyof Field>(doc: D, uid: string, name: K, value: Field[K] | undefined): D {
  return changeField(doc, uid, (field) => {
    const { [name]: _, ...rest } = field;
    return (value === undefined ? rest : { ...field, [name]: value }) as Field;
  });
}

export function setConfig<D extends FormDoc>(doc: D, uid: string, key: string, value: unknown): D {
  return changeField(doc, uid, (field) => {
    const { [key]: _, ...rest } = field.config ?? {};
    const config = value === undefined ? rest : { ...rest, [key]: value };
    const { config: __, ...plain } = field;
    return Object.keys(config).length ? { ...field, config } : plain;
  });
}

/** Another type that keeps the same kind of value: what its settings do not know is left behind. */
export function retypeField<D extends FormDoc>(doc: D, uid: string, type: FieldType): D {
  return changeField(doc, uid, (field) => {
    const known = Object.keys(type.config.properties ?? {});
    const config = Object.fromEntries(Object.entries(field.config ?? {}).filter(([key]) => known.includes(key)));
    if (Array.isArray(config['options'])) config['options'] = optionsFor(type, config['options'] as Config[]);
    const { config: _, default: __, ...plain } = field;
    const keepsDefault = field.default !== undefined && Array.isArray(field.default) === (type.kind === 'choices');
    return { ...plain, type: type.name, ...(keepsDefault ? { default: field.default } : {}), ...(Object.keys(config).length ? { config } : {}) } as Field;
  });
}

export function changeField<D extends FormDoc>(doc: D, uid: string, change: (field: Field) => Field): D {
  const at = standing(doc, uid);
  if (!at) return doc;
  return inSection(doc, at.section.uid, (section) => ({ ...section, fields: section.fields.with(at.index, change(at.field)) }));
}

export function withoutFields<D extends FormDoc>(doc: D, uids: readonly string[]): D {
  return { ...doc, sections: doc.sections.map((section) => ({ ...section, fields: section.fields.filter((field) => !uids.includes(field.uid)) })) };
}

/** The same once more: new uids, a key that is free in this document. */
export function copyOfField(doc: FormDoc, field: Field, taken: readonly string[] = []): Field {
  const known = [...fieldsOf(doc).map((one) => one.key), ...taken];
  const key = known.includes(field.key) ? freeKey(field.key.replace(/_\d+$/, ''), known) : field.key;
  return { ...field, uid: newUid(), key, ...(field.config ? { config: withNewUids(field.config) } : {}) };
}

export function inserted<T extends { uid: string }>(items: readonly T[], item: T, before?: string): T[] {
  const index = items.findIndex((one) => one.uid === before);
  return index < 0 ? [...items, item] : items.toSpliced(index, 0, item);
}

function inSection<D extends FormDoc>(doc: D, uid: string, change: (section: Section) => Section): D {
  return { ...doc, sections: doc.sections.map((section) => (section.uid === uid ? change(section) : section)) };
}
