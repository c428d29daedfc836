/** How a form is printed: a setting of it, and which fields are left out. */
import type { FormDoc, Section } from '../../../core/types';

/** `undefined` takes a setting away; where none is left the document says nothing of paper. */
export function setPrint<D extends FormDoc>(doc: D, key: string, value: unknown): D {
  const { print, ...rest } = doc;
  const kept = Object.fromEntries(Object.entries({ ...print, [key]: value }).filter(([, one]) => one !== undefined));
  return (Object.keys(kept).length ? { ...rest, print: kept } : rest) as D;
}

/** These fields are printed, or are not: the keys of those that are left out, in the order of the form. */
export function leftOut(sections: readonly Section[], without: readonly string[], keys: readonly string[], printed: boolean): string[] | undefined {
  const out = new Set(without.filter((key) => !keys.includes(key)));
  if (!printed) for (const key of keys) out.add(key);
  const found = sections.flatMap(({ fields }) => fields.map(({ key }) => key)).filter((key) => out.has(key));
  return found.length ? found : undefined;
}
