/** A document taken apart into its elements by uid, and put together again: what comparing and merging work on. */
import { LANGUAGES } from './i18n';
import type { Doc, WorkflowDoc } from './types';

export type Json = Record<string, unknown>;

export interface Element {
  id: string;
  uid: string;
  /** The list it stands in: nodes, fields, options, ... */
  group: string;
  /** The element around it, and the path of the list there: `sections/s1` and `fields`. */
  parent: string;
  slot: string;
  /** What it says itself, by path: `title/en`, `config/who`. A list of elements stands here as an empty one. */
  own: Map<string, unknown>;
  /** The ids of the elements in its lists. */
  lists: Map<string, string[]>;
}

/** By id, each behind what holds it; the document itself is ''. */
export type Apart = Map<string, Element>;

/** Objects whose parts are changed one by one; any other is one value. */
const OPEN = new Set(['config', 'layout', 'nodes', 'line', 'statement', 'rights', 'when', 'then', 'print']);
/** Elements that are moved from one element into another and stay the same. */
const TRAVELLING = new Set(['fields']);

export function takenApart(doc: object): Apart {
  const found: Apart = new Map();
  const taken = new Set<string>();
  walk(doc as Json, { id: '', uid: '', group: '', parent: '', slot: '' });
  return found;

  function walk(json: Json, head: Omit<Element, 'own' | 'lists'>): void {
    const element: Element = { ...head, own: new Map(), lists: new Map() };
    const inside: [Json, Omit<Element, 'own' | 'lists'>][] = [];
    found.set(head.id, element);
    for (const [key, value] of Object.entries(json)) visit([key], value);
    for (const [one, its] of inside) walk(one, its);

    function visit(path: string[], value: unknown): void {
      const slot = path.map(escaped).join('/');
      const group = path.at(-1) ?? '';
      const items = elementsIn(value);
      if (items?.length) list(slot, group, items, value);
      else if (isOpen(group, value)) for (const [key, part] of Object.entries(value)) visit([...path, key], part);
      else if (value !== undefined) element.own.set(slot, value);
    }

    /** A list in which a uid stands twice cannot be told apart: it is one value. */
    function list(slot: string, group: string, items: Json[], value: unknown): void {
      const place = TRAVELLING.has(group) ? group : [head.id, slot].filter(Boolean).join('/');
      const ids = items.map((one) => `${place}/${one['uid'] as string}`);
      const single = new Set(ids).size === ids.length && ids.every((id) => !taken.has(id));
      element.own.set(slot, single ? [] : value);
      if (!single) return;
      element.lists.set(slot, ids);
      for (const [index, one] of items.entries()) {
        taken.add(ids[index] as string);
        inside.push([one, { id: ids[index] as string, uid: one['uid'] as string, group, parent: head.id, slot }]);
      }
    }
  }
}

export function putTogether(parts: Apart): object {
  return built('');

  function built(id: string): Json {
    const { own, lists } = parts.get(id) as Element;
    const json: Json = {};
    for (const [path, value] of own) if (!within(own, path)) set(json, path, value);
    for (const [slot, ids] of lists) if (ids.length) set(json, slot, ids.map(built));
    return json;
  }
}

/** Is there a whole value where this is a part of? Only an empty object has parts besides. */
function within(own: Element['own'], path: string): boolean {
  const names = path.split('/');
  return names.some((_, index) => index > 0 && !isEmpty(own.get(names.slice(0, index).join('/'))));
}

function isEmpty(value: unknown): boolean {
  return value === undefined || (isPlain(value) && !Object.keys(value).length);
}

function set(json: Json, path: string, value: unknown): void {
  const names = path.split('/').map(unescaped);
  const last = names.pop() as string;
  const at = names.reduce((here, name) => (here[name] ??= {}) as Json, json);
  if (isPlain(value) && !Object.keys(value).length) at[last] ??= {};
  else at[last] = value;
}

function elementsIn(value: unknown): Json[] | null {
  return Array.isArray(value) && value.every((one) => isPlain(one) && typeof one['uid'] === 'string') ? (value as Json[]) : null;
}

function isOpen(name: string, value: unknown): value is Json {
  if (!isPlain(value) || !Object.keys(value).length || 'combinator' in value) return false;
  return OPEN.has(name) || isText(value);
}

export function isText(value: unknown): value is Record<string, string> {
  return isPlain(value) && LANGUAGES.some((tag) => tag in value) && Object.values(value).every((words) => typeof words === 'string');
}

export function isPlain(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function escaped(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}

export function unescaped(name: string): string {
  return name.replaceAll('~1', '/').replaceAll('~0', '~');
}

/** As it was made: on a canvas where nothing has been drawn yet nothing is wrong either; the first steps say what to do. */
export function isBlank(doc: Doc): boolean {
  const { form, nodes = [] } = doc as Partial<WorkflowDoc>;
  return doc.kind === 'workflow' && !form && nodes.length <= 2;
}
