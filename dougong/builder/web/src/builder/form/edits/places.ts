/** Edits of what is selected: delete, duplicate, copy and paste, of fields and sections alike. */
import type { EntityDoc, Field, FormDoc, Place, Section } from '../../../core/types';
import { newUid } from '../../../core/uid';
import { addAfter, addField, copyOfField, withoutFields } from './fields';
import { leftOut, setPrint } from './print';
import { addSectionAfter } from './sections';
import { fieldsOf, standing } from './tree';

/** Without these fields and sections; what a record type says of a field that is gone goes with it. */
export function removePlaces<D extends FormDoc>(doc: D, places: readonly Place[]): D {
  const uids = places.map((place) => place.uid);
  const sections = doc.sections.filter((section) => !uids.includes(section.uid));
  return withoutNames(withoutFields({ ...doc, sections }, uids));
}

function withoutNames<D extends FormDoc>(doc: D): D {
  const known = new Set(fieldsOf(doc).map((field) => field.key));
  const { name_field, unique_field, list_fields, ...rest } = doc as FormDoc as EntityDoc;
  const kept = list_fields?.filter((key) => known.has(key));
  const without = rest.print?.['without'] as string[] | undefined;
  return {
    ...(without ? setPrint(rest, 'without', leftOut(doc.sections, without, [], true)) : rest),
    ...(name_field && known.has(name_field) ? { name_field } : {}),
    ...(unique_field && known.has(unique_field) ? { unique_field } : {}),
    ...(kept ? { list_fields: kept } : {}),
  } as FormDoc as D;
}

export function allPlaces(doc: FormDoc): Place[] {
  return fieldsOf(doc).map(({ uid }) => ({ group: 'fields', uid }));
}

export interface Pasted<D> {
  draft: D;
  places: Place[];
}

/** A field once more right behind it, a section once more with all its fields. */
export function duplicatePlaces<D extends FormDoc>(doc: D, places: readonly Place[]): Pasted<D> {
  let draft = doc;
  const made: Place[] = [];
  for (const { group, uid } of places) {
    const at = group === 'fields' ? standing(draft, uid) : undefined;
    const section = group === 'sections' ? draft.sections.find((one) => one.uid === uid) : undefined;
    if (at) {
      const copy = copyOfField(draft, at.field);
      draft = addField(draft, copy, at.section.uid, at.section.fields[at.index + 1]?.uid);
      made.push({ group, uid: copy.uid });
    } else if (section) {
      const copy = copyOfSection(draft, section);
      draft = addSectionAfter(draft, copy, uid);
      made.push({ group, uid: copy.uid });
    }
  }
  return { draft, places: made };
}

const MARK = 'dougong/form-parts';

interface Copied {
  is: typeof MARK;
  fields: Field[];
  sections: Section[];
}

export function copied(doc: FormDoc, places: readonly Place[]): string | null {
  const uids = places.map((place) => place.uid);
  const sections = doc.sections.filter((section) => uids.includes(section.uid));
  const fields = doc.sections.filter((section) => !sections.includes(section)).flatMap((section) => section.fields.filter((field) => uids.includes(field.uid)));
  const found: Copied = { is: MARK, fields, sections };
  return fields.length || sections.length ? JSON.stringify(found) : null;
}

/** What was copied: behind itself in the form that it comes from, at the end of any other. */
export function pasted<D extends FormDoc>(doc: D, text: string): Pasted<D> | null {
  const found = read(text);
  if (!found) return null;
  let draft = doc;
  let after = found.fields.findLast((field) => standing(doc, field.uid))?.uid;
  const places: Place[] = [];
  for (const field of found.fields) {
    const copy = copyOfField(draft, field);
    draft = addAfter(draft, copy, after);
    after = copy.uid;
    places.push({ group: 'fields', uid: copy.uid });
  }
  after = found.sections.findLast(({ uid }) => doc.sections.some((one) => one.uid === uid))?.uid ?? after;
  for (const section of found.sections) {
    const copy = copyOfSection(draft, section);
    draft = addSectionAfter(draft, copy, after);
    after = copy.uid;
    places.push({ group: 'sections', uid: copy.uid });
  }
  return places.length ? { draft, places } : null;
}

function read(text: string): Copied | null {
  try {
    const found = JSON.parse(text) as Partial<Copied>;
    return found.is === MARK && Array.isArray(found.fields) && Array.isArray(found.sections) ? (found as Copied) : null;
  } catch {
    return null;
  }
}

function copyOfSection(doc: FormDoc, section: Section): Section {
  const taken: string[] = [];
  const fields = section.fields.map((field) => {
    const copy = copyOfField(doc, field, taken);
    taken.push(copy.key);
    return copy;
  });
  return { ...section, uid: newUid(), fields };
}
