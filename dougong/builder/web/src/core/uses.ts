/** Where a document or one of its elements is named: in which elements of which documents. */
import { isPlain, takenApart, unescaped, type Apart, type Element } from './elements';
import type { Doc, Place } from './types';

export interface Use {
  doc: Doc;
  /** The element of it, and the setting, that name it. */
  id: string;
  path: string;
}

const WORDS = new Set(['title', 'description', 'help', 'note', 'uid', 'key', 'type', 'layout']);
/** How others name what stands in a list; what stands in another is named by nobody. */
const NAMES: Record<string, (parts: Apart, element: Element) => string[]> = {
  nodes: (_, { uid }) => [uid],
  fields: (_, element) => [keyOf(element)],
  columns: (parts, element) => [`${keyOf(parts.get(element.parent) as Element)}.${keyOf(element)}`],
  inputs: (_, element) => [keyOf(element), element.uid],
  outputs: (_, element) => [keyOf(element), element.uid],
  dimensions: (_, { uid }) => [uid],
  term_dimensions: (_, { uid }) => [uid],
};
/** A way goes with the steps that it ties, or is led on; what is not printed is not missed on paper. */
const TIES = new Set(['source', 'target', 'print/without']);

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

/** Where something would be named that is no longer there, were these elements gone: in the document, and in those around that refer to it. */
export function lostWith(doc: Doc, places: readonly Place[], around: readonly Doc[]): Use[] {
  const going = new Set(places.flatMap(({ group, uid }) => [...withInner(doc, group, uid)]));
  const parts = takenApart(doc);
  const users = around.filter((other) => other.uid !== doc.uid && refersTo(other, doc));
  return [...going]
    .map((id) => parts.get(id) as Element)
    .flatMap((element) => {
      const names = new Set(NAMES[element.group]?.(parts, element));
      const found = [...names].flatMap((name) => [...usesIn(doc, name, going), ...users.flatMap((other) => usesIn(other, name))]);
      return element.group === 'columns' ? [...found, ...usesBeside(doc, parts, element, going)] : found;
    })
    .filter(({ path }) => !TIES.has(path));
}

/** Within its own table a column is named without it. */
function usesBeside(doc: Doc, parts: Apart, column: Element, going: ReadonlySet<string>): Use[] {
  return usesIn(doc, keyOf(column), going).filter(({ id }) => parts.get(id)?.parent === column.parent && parts.get(id)?.group === column.group);
}

function keyOf(element: Element): string {
  return String(element.own.get('key') ?? element.uid);
}

/** By the settings that name a document of this kind. */
function refersTo(other: unknown, doc: Pick<Doc, 'kind' | 'key'>): boolean {
  if (Array.isArray(other)) return other.some((one) => refersTo(one, doc));
  return isPlain(other) && Object.entries(other).some(([name, value]) => (name === doc.kind && value === doc.key) || refersTo(value, doc));
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
