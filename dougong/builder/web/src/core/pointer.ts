/** Places inside a document by JSON pointer: read them, change them without touching the original, find the element around them. */
import type { Doc, Place, Problem } from './types';

export type Path = readonly (string | number)[];
type Json = unknown;

export function parts(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}

export function get(value: Json, path: Path): Json {
  return path.reduce<Json>((found, part) => (found && typeof found === 'object' ? (found as Record<string, Json>)[part] : undefined), value);
}

/** A copy with another value at the path; `undefined` takes the key away (or the item out of its list). */
export function put<T>(value: T, path: Path, next: Json): T {
  const [first, ...rest] = path;
  if (first === undefined) return next as T;
  const inner = rest.length ? put(get(value, [first]) ?? (typeof rest[0] === 'number' ? [] : {}), rest, next) : next;
  if (Array.isArray(value)) {
    const index = Number(first);
    const items: Json[] = [...value];
    items.splice(index, 1, ...(inner === undefined ? [] : [inner]));
    return items as T;
  }
  const { [first]: _, ...others } = (value ?? {}) as Record<string, Json>;
  return (inner === undefined ? others : { ...(value as object), [first]: inner }) as T;
}

/** The innermost element (something with a uid in a list) on the way to a pointer. */
export function elementAt(doc: Json, pointer: string): Place | null {
  return elementsAt(doc, pointer)[0] ?? null;
}

/** All of them, the innermost first. */
export function elementsAt(doc: Json, pointer: string): Place[] {
  const found: Place[] = [];
  let here: Json = doc;
  let group = '';
  for (const part of parts(pointer)) {
    if (Array.isArray(here)) {
      const element = here[Number(part)] as { uid?: string } | undefined;
      if (element?.uid) found.unshift({ group, uid: element.uid });
    } else group = part;
    here = get(here, [part]);
  }
  return found;
}

/** Where a problem is to be shown: the elements it names, else the one that its path leads to; nothing: the document itself. */
export function placesOf(doc: Doc, problem: Problem): Place[] {
  const named = (['nodes', 'edges'] as const).flatMap((group) => problem[group].map((uid) => ({ group, uid })));
  if (named.length) return named;
  const at = elementAt(doc, problem.path);
  if (at) return [at];
  return problem.fields.map((uid) => ({ group: 'fields', uid }));
}

/** As the end of the address of its editor, which then looks at that place. */
export function hashOf({ nodes, edges, fields, path }: Problem): string {
  const named = [...nodes.map((uid) => `nodes/${uid}`), ...edges.map((uid) => `edges/${uid}`)];
  const at = named[0] ?? (path || (fields[0] && `fields/${fields[0]}`));
  return at ? `#at:${encodeURIComponent(at)}` : '';
}

/** The place in a document that `hashOf` names. */
export function placeAt(doc: Doc, hash: string): Place | null {
  if (!hash.startsWith('#at:')) return null;
  const at = decodeURIComponent(hash.slice(4));
  const [group, uid] = at.split('/');
  return group && uid ? { group, uid } : elementAt(doc, at);
}

/** The problems of one setting: at this place of the document or inside it. */
export function problemsAt(problems: readonly Problem[], pointer: string): Problem[] {
  return problems.filter(({ path }) => path === pointer || path.startsWith(`${pointer}/`));
}
