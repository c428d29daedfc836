/** What differs between two drafts, element by element (matched by uid), in words. */
import { takenApart, unescaped, type Apart, type Element } from './elements';
import { has, listed, pick, t } from './i18n';
import { same } from './same';

export interface Change {
  /** What it is a setting of: `config/who`, `title/en`. */
  path: string;
  before: unknown;
  after: unknown;
}

export interface Difference {
  is: 'added' | 'removed' | 'changed' | 'moved' | 'reordered';
  /** The element's id (see `elements.ts`). */
  id: string;
  uid: string;
  group: string;
  name: string;
  /** The settings that differ. */
  what: Change[];
}

export function differences(before: object, after: object): Difference[] {
  const [old, fresh] = [takenApart(before), takenApart(after)];
  const [oldNames, names] = [namesOf(old), namesOf(fresh)];
  const found: Difference[] = [];
  for (const [id, element] of fresh) {
    const { uid, group } = element;
    const one = { id, uid, group, name: names.get(id) ?? '', what: [] };
    const was = old.get(id);
    if (!was) found.push({ ...one, is: 'added' });
    else {
      const what = changes(was, element);
      if (what.length) found.push({ ...one, is: 'changed', what });
      if (was.parent !== element.parent)
        found.push({ ...one, is: 'moved', what: [{ path: '', before: oldNames.get(was.parent), after: names.get(element.parent) }] });
      for (const [slot, ids] of element.lists)
        if (reordered(was.lists.get(slot) ?? [], ids)) found.push({ ...one, is: 'reordered', group: lastOf(slot) });
    }
  }
  for (const [id, { uid, group }] of old)
    if (!fresh.has(id)) found.push({ is: 'removed', id, uid, group, name: oldNames.get(id) ?? '', what: [] });
  return found;
}

/** What each element is called, by group and uid. */
export function namesIn(doc: object): Map<string, string> {
  const parts = takenApart(doc);
  const names = namesOf(parts);
  return new Map([...parts.values()].map(({ id, group, uid }) => [`${group}/${uid}`, names.get(id) ?? '']));
}

/** What each element is called, by id. */
export function namesOf(parts: Apart): Map<string, string> {
  const byUid = new Map([...parts.values()].filter((one) => one.group === 'nodes').map((one) => [one.uid, titleOf(one) || String(one.own.get('key') ?? '')]));
  return new Map([...parts].map(([id, one]) => [id, nameOf(one)]));

  /** A way is called by its steps. */
  function nameOf({ own, ...element }: Element): string {
    const given = titleOf({ own, ...element });
    const [source, target] = [own.get('source'), own.get('target')];
    if (source && target && !given) return `${byUid.get(source as string) ?? '?'} → ${byUid.get(target as string) ?? '?'}`;
    if (element.group === 'sections') return given || t('builder.form.section.untitled');
    return given || String(own.get('key') ?? own.get('input') ?? own.get('field') ?? own.get('from') ?? '');
  }
}

export function inWords({ is, group, name, what }: Difference): string {
  const parts = listed([...new Set(what.map(({ path }) => partName(group, path)))]);
  const code = group === '' ? 'builder.difference.document' : `builder.difference.${is}`;
  return t(code, { group: groupName(group), name, what: is === 'moved' ? String(what[0]?.after ?? '') : parts });
}

export function groupName(group: string): string {
  return named('builder.group', group);
}

/** What the setting at a path is called. */
export function partName(group: string, path: string): string {
  const [first, second] = path.split('/').map(unescaped);
  const key = (['config', 'line', 'statement'].includes(first as string) && second) || (first as string);
  return named(has(`builder.part.${group}.${key}`) ? `builder.part.${group}` : 'builder.part', key);
}

function named(prefix: string, key: string): string {
  const words = t(`${prefix}.${key}`);
  return words === `${prefix}.${key}` ? key : words;
}

function titleOf({ own }: Element): string {
  const text = (name: string) => {
    const words = [...own].filter(([path]) => path.startsWith(`${name}/`)).map(([path, value]) => [path.slice(name.length + 1), value]);
    return pick(Object.fromEntries(words) as Record<string, string>);
  };
  return text('title') || text('party');
}

function changes(was: Element, now: Element): Change[] {
  const paths = [...new Set([...was.own.keys(), ...now.own.keys()])];
  const both = paths.map((path) => ({ path, before: was.own.get(path), after: now.own.get(path) }));
  return both.filter(({ before, after }) => !same(said(before), said(after)));
}

/** What is empty says no more than what is not there. */
function said(value: unknown): unknown {
  return typeof value === 'object' && value && !Object.keys(value).length ? undefined : value;
}

function lastOf(slot: string): string {
  return slot.slice(slot.lastIndexOf('/') + 1);
}

/** Do those that are in both stand in another order? */
function reordered(before: string[], after: string[]): boolean {
  const both = new Set(before.filter((id) => after.includes(id)));
  return before.filter((id) => both.has(id)).join() !== after.filter((id) => both.has(id)).join();
}
