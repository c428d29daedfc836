/** Where a document or one of its elements is named: in which elements of which documents. */
import { isPlain, takenApart, unescaped, type Element } from './elements';
import type { Doc } from './types';

export interface Use {
  doc: Doc;
  /** The element of it, and the setting, that name it. */
  id: string;
  path: string;
}

const WORDS = new Set(['title', 'description', 'help', 'note', 'uid', 'key', 'layout']);

/** Uses of a name (a key, a uid) in the settings of a document, but for the elements in `but`. */
export function usesIn(doc: Doc, name: string, but: ReadonlySet<string> = new Set()): Use[] {
  const found: Use[] = [];
  for (const [id, { own }] of takenApart(doc)) {
    if (but.has(id)) continue;
    for (const [path, value] of own) if (!WORDS.has(path.split('/')[0] as string) && says(path, value, name)) found.push({ doc, id, path });
  }
  return found;
}

/** What an element is named by: a field or a column by its key, a step by its uid. */
export function nameIn(doc: Doc, id: string): string {
  const element = takenApart(doc).get(id);
  return String(element?.own.get('key') ?? element?.uid ?? doc.key);
}

/** The elements that an element holds, and itself. */
export function withInner(doc: Doc, group: string, uid: string): Set<string> {
  const parts = takenApart(doc);
  const found = new Set<string>();
  const take = ({ id, lists }: Element) => {
    found.add(id);
    for (const inner of [...lists.values()].flat()) take(parts.get(inner) as Element);
  };
  for (const one of parts.values()) if (one.group === group && one.uid === uid) take(one);
  return found;
}

function says(path: string, value: unknown, name: string): boolean {
  return path.split('/').slice(1).map(unescaped).includes(name) || mentions(value, name);
}

/** As it stands, in a {template}, in a formula, or as a key of what is set. */
function mentions(value: unknown, name: string): boolean {
  if (typeof value === 'string') return value === name || value.includes(`{${name}}`) || inFormula(value, name);
  if (Array.isArray(value)) return value.some((one) => mentions(one, name));
  return isPlain(value) && Object.entries(value).some(([key, one]) => key === name || mentions(one, name));
}

/** Something is calculated there, and the name is one of its words. */
function inFormula(text: string, name: string): boolean {
  return /[-+*/(&<>=]/.test(text) && namesInFormula(text).includes(name);
}

export function namesInFormula(formula: string): string[] {
  const words: string[] = formula.match(/"[^"]*"|[A-Za-z_][A-Za-z0-9_]*(\.[a-z][a-z0-9_]*)?(\s*\()?/g) ?? [];
  const names = words.filter((word) => !word.startsWith('"') && !word.endsWith('('));
  return names.flatMap((name) => (name.includes('.') ? [name.split('.')[0] as string, name] : [name])); // a column names its table too
}
