/** Edits of the sections of a form: added, moved, described. */
import type { FormDoc, Section } from '../../../core/types';
import { newUid } from '../../../core/uid';
import { inserted } from './fields';

export function newSection(): Section {
  return { uid: newUid(), fields: [] };
}

export function addSection<D extends FormDoc>(doc: D, section: Section, before?: string): D {
  return { ...doc, sections: inserted(doc.sections, section, before) };
}

/** Behind the section that is selected or holds what is selected; else at the end. */
export function addSectionAfter<D extends FormDoc>(doc: D, section: Section, selected: string | undefined): D {
  const index = doc.sections.findIndex((one) => one.uid === selected || one.fields.some((field) => field.uid === selected));
  return addSection(doc, section, index < 0 ? undefined : doc.sections[index + 1]?.uid);
}

export function moveSection<D extends FormDoc>(doc: D, uid: string, before?: string): D {
  const index = doc.sections.findIndex((one) => one.uid === uid);
  const section = doc.sections[index];
  if (!section || before === uid || doc.sections[index + 1]?.uid === before) return doc;
  return { ...doc, sections: inserted(doc.sections.toSpliced(index, 1), section, before) };
}

export function nudgeSection<D extends FormDoc>(doc: D, uid: string, by: -1 | 1): D {
  const index = doc.sections.findIndex((one) => one.uid === uid);
  const to = index + by;
  if (index < 0 || to < 0 || to >= doc.sections.length) return doc;
  return moveSection(doc, uid, by < 0 ? doc.sections[to]?.uid : doc.sections[to + 1]?.uid);
}

export function setSection<D extends FormDoc, K extends keyof Section>(doc: D, uid: string, name: K, value: Section[K] | undefined): D {
  const change = (section: Section): Section => {
    const { [name]: _, ...rest } = section;
    return (value === undefined ? rest : { ...section, [name]: value }) as Section;
  };
  return { ...doc, sections: doc.sections.map((section) => (section.uid === uid ? change(section) : section)) };
}
