/** Every text of a document, with the element that it belongs to, and which languages it lacks. */
import { isPlain, isText, takenApart } from './elements';
import { LANGUAGES } from './i18n';
import { namesOf, groupName, partName } from './differences';
import { put, type Path } from './pointer';
import type { Text } from './types';

export interface Wording {
  path: Path;
  /** The same by uids: where it stands, wherever the elements around it are moved to. */
  place: string;
  /** 字段“电话” · 名称 */
  group: string;
  name: string;
  part: string;
  text: Text;
}

/** In the order of the document. */
export function textsIn(doc: object): Wording[] {
  const parts = takenApart(doc);
  const names = new Map([...namesOf(parts)].map(([id, name]) => [`${parts.get(id)?.group ?? ''}/${parts.get(id)?.uid ?? ''}`, name]));
  const found: Wording[] = [];
  walk(doc, [], [], { group: '', uid: '' });
  return found;

  function walk(value: unknown, path: Path, place: Path, at: { group: string; uid: string }): void {
    if (Array.isArray(value)) {
      const group = String(path.findLast((part) => typeof part === 'string') ?? '');
      for (const [index, one] of value.entries()) {
        const uid = isPlain(one) && typeof one['uid'] === 'string' ? one['uid'] : '';
        walk(one, [...path, index], [...place, uid || index], uid ? { group, uid } : at);
      }
    } else if (isText(value)) {
      const { group, uid } = at;
      const name = names.get(`${group}/${uid}`) ?? '';
      found.push({ path, place: place.join('/'), group: groupName(group), name, part: partName(group, String(path.at(-1))), text: value });
    } else if (isPlain(value)) for (const [key, part] of Object.entries(value)) walk(part, [...path, key], [...place, key], at);
  }
}

/** Those of the platform and of the company first, then whatever else the texts are written in. */
export function languagesIn(texts: readonly Wording[], here: readonly string[] = LANGUAGES): string[] {
  return [...new Set([...here, ...texts.flatMap(({ text }) => Object.keys(text)).sort()])];
}

export function lacks(text: Text, tag: string): boolean {
  return !text[tag]?.trim();
}

/** An empty text is no text in that language; the last one in a language of the platform stays, empty. */
export function translated<D extends object>(doc: D, { path, text }: Wording, tag: string, words: string): D {
  const { [tag]: _, ...others } = text;
  return put(doc, path, words || !LANGUAGES.some((one) => one in others) ? { ...others, [tag]: words } : others);
}
