/** Where a field is named: what stops working when it is deleted. */
import { fieldsIn } from '../../../core/conditions';
import { pick } from '../../../core/i18n';
import { namesInFormula } from '../../../core/uses';
import type { Doc, EntityDoc, Field, FormDoc, Listed, Section } from '../../../core/types';

export interface Use {
  /** condition, formula, fill, serial, check, name_field, unique_field, document */
  is: string;
  name: string;
}

/** Uses of a key inside the document, not counting the parts that go with it. */
export function usesWithin(doc: FormDoc, key: string, going: readonly string[] = []): Use[] {
  const found: Use[] = [];
  const asks = (part: Section | Field) => fieldsIn(part.visible_when).includes(key) && found.push({ is: 'condition', name: pick(part.title) });
  for (const section of doc.sections.filter((one) => !going.includes(one.uid))) {
    asks(section);
    for (const field of section.fields.filter((one) => !going.includes(one.uid))) {
      asks(field);
      if (namesInFormula(String(field.config?.['formula'] ?? '')).includes(key)) found.push({ is: 'formula', name: pick(field.title) });
      const parts = (field.config?.['parts'] ?? []) as { field?: string }[];
      if (field.config?.['group'] === key || (Array.isArray(parts) && parts.some((one) => one.field === key))) found.push({ is: 'serial', name: pick(field.title) });
      const fill = (field.config?.['fill'] ?? []) as { to: string }[];
      if (Array.isArray(fill) && fill.some((one) => one.to === key)) found.push({ is: 'fill', name: pick(field.title) });
    }
  }
  for (const check of doc.checks ?? []) if (namesInFormula(check.formula ?? '').includes(key)) found.push({ is: 'check', name: pick(check.message) });
  const { name_field, unique_field } = doc as FormDoc as EntityDoc;
  if (name_field === key) found.push({ is: 'name_field', name: '' });
  if (unique_field === key) found.push({ is: 'unique_field', name: '' });
  return found;
}

/** Documents around that refer to this one and seem to name the field. */
export function usesElsewhere(doc: Doc, key: string, others: readonly Listed[]): Use[] {
  return others.filter(({ draft }) => draft.uid !== doc.uid && refersTo(draft, doc) && names(draft, key)).map(({ title }) => ({ is: 'document', name: pick(title) }));
}

/** By the settings that name a document of this kind: form, entity. */
function refersTo(other: unknown, { kind, key }: Doc): boolean {
  if (Array.isArray(other)) return other.some((one) => refersTo(one, { kind, key } as Doc));
  if (typeof other !== 'object' || !other) return false;
  return Object.entries(other).some(([name, value]) => (name === kind && value === key) || refersTo(value, { kind, key } as Doc));
}

function names(value: unknown, key: string): boolean {
  if (typeof value === 'string') return value === key || value.includes(`{${key}}`);
  if (Array.isArray(value)) return value.some((one) => names(one, key));
  if (typeof value !== 'object' || !value) return false;
  return Object.entries(value).some(([name, inner]) => name === key || (!['title', 'uid', 'help'].includes(name) && names(inner, key)));
}
