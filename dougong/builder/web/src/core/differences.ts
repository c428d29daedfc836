/** What differs between two drafts, element by element (matched by uid), in words. */
import { has, listed, pick, t } from './i18n';
import { same } from './same';
import type { Text } from './types';

interface Element {
  /** The list it stands in: nodes, fields, rules, ... */
  group: string;
  name: string;
  /** What it says itself, without the elements inside it. */
  own: Record<string, unknown>;
  /** Which lists of elements it holds, and in what order. */
  order: Record<string, string[]>;
}

export interface Difference {
  is: 'added' | 'removed' | 'changed' | 'reordered';
  group: string;
  name: string;
  /** The properties that differ. */
  what: string[];
}

type Json = Record<string, unknown>;

export function differences(before: object, after: object): Difference[] {
  const old = elements(before as Json);
  const fresh = elements(after as Json);
  const found: Difference[] = [];
  for (const [id, element] of fresh) {
    const was = old.get(id);
    if (!was) found.push({ is: 'added', group: element.group, name: element.name, what: [] });
    else {
      const what = [...new Set([...Object.keys(was.own), ...Object.keys(element.own)])].filter((key) => !same(was.own[key], element.own[key]));
      if (what.length) found.push({ is: 'changed', group: element.group, name: element.name, what });
      for (const [list, order] of Object.entries(element.order))
        if (reordered(was.order[list] ?? [], order)) found.push({ is: 'reordered', group: list, name: element.name, what: [] });
    }
  }
  for (const [id, element] of old) if (!fresh.has(id)) found.push({ is: 'removed', group: element.group, name: element.name, what: [] });
  return found;
}

/** What each element is called, by group and uid. */
export function namesIn(doc: object): Map<string, string> {
  return new Map([...elements(doc as Json)].map(([id, { name }]) => [id, name]));
}

export function inWords(found: Difference): string {
  const group = named('builder.group', found.group);
  const what = listed(found.what.map((key) => named(has(`builder.part.${found.group}.${key}`) ? `builder.part.${found.group}` : 'builder.part', key)));
  const code = found.group === '' ? 'builder.difference.document' : `builder.difference.${found.is}`;
  return t(code, { group, name: found.name, what });
}

function named(prefix: string, key: string): string {
  const words = t(`${prefix}.${key}`);
  return words === `${prefix}.${key}` ? key : words;
}

function elements(doc: Json): Map<string, Element> {
  const found = new Map<string, Element>();
  const titles = new Map<string, string>();
  const walked: [Element, Json][] = [];
  walk(doc, '', '');
  for (const [element, json] of walked) element.name = nameOf(json); // a way is called by its steps, which may stand behind it
  return found;

  function walk(element: Json, group: string, uid: string): void {
    const own: Json = {};
    const order: Record<string, string[]> = {};
    titles.set(uid, pick(element['title'] as Text) || String(element['key'] ?? ''));
    const fresh: Element = { group, name: '', own, order };
    found.set(`${group}/${uid}`, fresh);
    walked.push([fresh, element]);
    for (const [key, value] of Object.entries(element)) visit(key, value, own, order);
  }

  function visit(key: string, value: unknown, own: Json, order: Record<string, string[]>): void {
    if (isElements(value)) {
      order[key] = value.map((one) => one['uid'] as string);
      for (const one of value) walk(one, key, one['uid'] as string);
    } else if (isPlain(value) && key === 'config') {
      for (const [inner, setting] of Object.entries(value)) visit(inner, setting, own, order);
    } else if (isPlain(value) && (key === 'line' || key === 'statement')) {
      for (const [inner, setting] of Object.entries(value)) visit(inner, setting, own, order);
    } else if (!Array.isArray(value) || value.length) own[key] = value;
  }

  function nameOf(element: Json): string {
    const given = pick(element['title'] as Text) || pick(element['party'] as Text);
    if (element['source'] && element['target'] && !given) {
      return `${titles.get(element['source'] as string) ?? '?'} → ${titles.get(element['target'] as string) ?? '?'}`;
    }
    return given || String(element['key'] ?? element['input'] ?? element['field'] ?? element['from'] ?? '');
  }
}

function isElements(value: unknown): value is Json[] {
  return Array.isArray(value) && value.length > 0 && value.every((one) => isPlain(one) && typeof one['uid'] === 'string');
}

function isPlain(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Do those that are in both stand in another order? */
function reordered(before: string[], after: string[]): boolean {
  const both = new Set(before.filter((uid) => after.includes(uid)));
  return before.filter((uid) => both.has(uid)).join() !== after.filter((uid) => both.has(uid)).join();
}
