/** Reading a form: where its fields and sections stand. */
import type { Doc, Field, FormDoc, Place, Section } from '../../../core/types';

export interface Standing {
  field: Field;
  section: Section;
  /** JSON pointer. */
  pointer: string;
  index: number;
}

export function fieldsOf(doc: FormDoc): Field[] {
  return doc.sections.flatMap((section) => section.fields);
}

export function standing(doc: FormDoc, uid: string): Standing | undefined {
  for (const [at, section] of doc.sections.entries()) {
    const index = section.fields.findIndex((field) => field.uid === uid);
    const field = section.fields[index];
    if (field) return { field, section, index, pointer: `/sections/${at}/fields/${index}` };
  }
  return undefined;
}

export function sectionOf(doc: FormDoc, uid: string): { section: Section; pointer: string } | undefined {
  const index = doc.sections.findIndex((section) => section.uid === uid);
  const section = doc.sections[index];
  return section && { section, pointer: `/sections/${index}` };
}

/** The field or section that a place lies in: an option belongs to its field. */
export function owner(doc: Doc, { group, uid }: Place): Place | null {
  const { sections = [] } = doc as FormDoc;
  for (const section of sections) {
    if (group === 'sections' && section.uid === uid) return { group, uid };
    for (const field of section.fields) {
      const holds = group === 'fields' ? field.uid === uid : JSON.stringify(field.config ?? {}).includes(JSON.stringify(uid));
      if (holds) return { group: 'fields', uid: field.uid };
    }
  }
  return null;
}
