/**
 * Two have changed the same draft: what both say now, element by element (by uid) and setting by setting.
 *
 * What only one of them changed is taken. What both changed differently is a collision: mine stands, until somebody chooses.
 */
import { putTogether, takenApart, type Apart, type Element } from './elements';
import { same } from './same';

export type Side = 'mine' | 'theirs';

export interface Collision {
  /** Its name among the collisions of one merging: what `Choices` go by. */
  id: string;
  /** The element that it is about, and the setting of it. */
  element: string;
  part: string;
  /** value: changed by both; removed: one removed what the other changed; place: moved by both; order: arranged by both. */
  is: 'value' | 'removed' | 'place' | 'order';
  base: unknown;
  mine: unknown;
  theirs: unknown;
}

export type Choices = ReadonlyMap<string, Side>;

export interface Merged<D> {
  doc: D;
  collisions: Collision[];
}

export function merge<D extends object>(base: D, mine: D, theirs: D, choices: Choices = new Map()): Merged<D> {
  const merging = new Merging(takenApart(base), takenApart(mine), takenApart(theirs), choices);
  return { doc: putTogether(merging.merged()) as D, collisions: merging.collisions };
}

type Sides = Record<Side, Apart>;
const OTHER = { mine: 'theirs', theirs: 'mine' } as const;

class Merging {
  collisions: Collision[] = [];
  readonly #base: Apart;
  readonly #sides: Sides;
  readonly #choices: Choices;
  readonly #living = new Map<string, boolean>();
  readonly #named: Record<Side, Set<string>>;

  constructor(base: Apart, mine: Apart, theirs: Apart, choices: Choices) {
    this.#base = base;
    this.#sides = { mine, theirs };
    this.#choices = choices;
    this.#named = { mine: named(base, mine), theirs: named(base, theirs) };
  }

  merged(): Apart {
    const found: Apart = new Map();
    const { mine, theirs } = this.#sides;
    for (const id of new Set([...mine.keys(), ...theirs.keys()])) {
      if (!this.#lives(id)) continue;
      const { parent, slot } = this.#place(id);
      const one = (mine.get(id) ?? theirs.get(id)) as Element;
      found.set(id, { ...one, parent, slot, own: this.#own(id), lists: new Map() });
    }
    for (const { id, parent, slot } of found.values()) {
      if (!id) continue;
      const { lists } = found.get(parent) as Element;
      lists.set(slot, [...(lists.get(slot) ?? []), id]);
    }
    for (const { id, lists } of found.values()) for (const [slot, ids] of lists) lists.set(slot, this.#ordered(id, slot, ids));
    return found;
  }

  /** Is it in what comes out, and all that holds it? */
  #lives(id: string): boolean {
    const known = this.#living.get(id);
    if (known !== undefined) return known;
    const found = id === '' || (this.#stays(id) && this.#places(id).length > 0);
    this.#living.set(id, found);
    return found;
  }

  #stays(id: string): boolean {
    const before = this.#base.get(id);
    const { mine, theirs } = this.#sides;
    const [one, other] = [mine.get(id), theirs.get(id)];
    if (!before || (one && other)) return true;
    if (!one && !other) return false;
    const stayer = one ? 'mine' : 'theirs';
    const remover = OTHER[stayer];
    const here = (one ?? other) as Element;
    if (same([here.parent, here.slot], [before.parent, before.slot]) && !this.#sides[remover].has(before.parent)) return true; // as what holds it
    if (!this.#touched(id, stayer)) return false;
    const values = { base: true, mine: Boolean(one), theirs: Boolean(other) };
    return this.#chosen({ element: id, part: '', is: 'removed', ...values }) === stayer;
  }

  /** Has this side changed it, put something into it, or named it somewhere? */
  #touched(id: string, side: Side): boolean {
    const before = this.#base.get(id);
    const now = this.#sides[side].get(id);
    if (!now) return false;
    if (!before || !sameOwn(before, now) || before.parent !== now.parent || this.#named[side].has(now.uid)) return true;
    return [...now.lists.values()].flat().some((child) => this.#touched(child, side));
  }

  /** Where it may stand, the best first: only in what lives. */
  #places(id: string): Element[] {
    const { mine, theirs } = this.#sides;
    const [before, one, other] = [this.#base, mine, theirs].map((side) => side.get(id));
    const first = one && other && before && same(where(one), where(before)) ? other : one;
    return [first, one, other].filter((at) => at !== undefined).filter((at) => this.#lives(at.parent));
  }

  #place(id: string): Pick<Element, 'parent' | 'slot'> {
    const { mine, theirs } = this.#sides;
    const [before, one, other] = [this.#base, mine, theirs].map((side) => side.get(id));
    const [best] = this.#places(id) as [Element];
    if (!one || !other || same(where(one), where(other))) return best;
    if (before && [one, other].some((at) => same(where(at), where(before)))) return best;
    const chosen = this.#chosen({ element: id, part: '', is: 'place', base: before?.parent, mine: one.parent, theirs: other.parent });
    const at = chosen === 'mine' ? one : other;
    return this.#lives(at.parent) ? at : best;
  }

  #own(id: string): Element['own'] {
    const [before, one, other] = [this.#base, this.#sides.mine, this.#sides.theirs].map((side) => side.get(id)?.own);
    if (!one || !other) return (one ?? other) as Element['own'];
    const retyped = before && [one, other].some((own) => own.get('type') !== before.get('type'));
    const found: Element['own'] = new Map();
    for (const [part, paths] of parted([...new Set([...one.keys(), ...other.keys(), ...(before?.keys() ?? [])])], retyped)) {
      const chosen = this.#side(id, part, paths, before ?? new Map(), one, other);
      for (const path of paths) if (chosen.get(path) !== undefined) found.set(path, chosen.get(path));
    }
    return found;
  }

  /** Which of both says this part of an element. */
  #side(id: string, part: string, paths: string[], before: Element['own'], one: Element['own'], other: Element['own']): Element['own'] {
    const alike = (a: Element['own'], b: Element['own']) => paths.every((path) => same(a.get(path), b.get(path)));
    if (alike(one, other) || alike(other, before)) return one;
    if (alike(one, before)) return other;
    const values = { base: before.get(part), mine: one.get(part), theirs: other.get(part) };
    return this.#chosen({ element: id, part, is: 'value', ...values }) === 'mine' ? one : other;
  }

  #ordered(parent: string, slot: string, members: string[]): string[] {
    const [before, one, other] = [this.#base, this.#sides.mine, this.#sides.theirs].map((side) => side.get(parent)?.lists.get(slot) ?? []) as [string[], string[], string[]];
    const all = new Set(members);
    const common = before.filter((id) => all.has(id) && one.includes(id) && other.includes(id));
    const kept = new Set(common);
    const [mine, theirs] = [one, other].map((ids) => ids.filter((id) => kept.has(id))) as [string[], string[]];
    return woven(this.#arranged(parent, slot, common, mine, theirs), [one, other].map((ids) => ids.filter((id) => all.has(id))), members);
  }

  #arranged(element: string, part: string, base: string[], mine: string[], theirs: string[]): string[] {
    if (same(mine, theirs) || same(theirs, base)) return mine;
    if (same(mine, base)) return theirs;
    return this.#chosen({ element, part, is: 'order', base, mine, theirs }) === 'mine' ? mine : theirs;
  }

  #chosen(found: Omit<Collision, 'id'>): Side {
    const id = [found.is, found.element, found.part].join(' ');
    this.collisions.push({ id, ...found });
    return this.#choices.get(id) ?? 'mine';
  }
}

/** The new ones of either side, each behind what it stood behind there; side by side, those with the smaller id first. */
function woven(arranged: string[], lists: string[][], members: string[]): string[] {
  const fixed = new Set(arranged);
  const behind = new Map<string, string[][]>();
  for (const list of lists) {
    let anchor = '';
    const runs = new Map<string, string[]>();
    for (const id of list) {
      if (fixed.has(id)) anchor = id;
      else runs.set(anchor, [...(runs.get(anchor) ?? []), id]);
    }
    for (const [at, run] of runs) behind.set(at, [...(behind.get(at) ?? []), run]);
  }
  const bySmallest = (run: string[], next: string[]) => ((run[0] as string) < (next[0] as string) ? -1 : 1);
  const all = ['', ...arranged].flatMap((id) => [id, ...(behind.get(id) ?? []).sort(bySmallest).flat()]);
  return [...new Set([...all, ...members])].filter((id) => id !== '');
}

/** A type comes with its settings: where one side changes the type, they are one part. */
function parted(paths: string[], retyped: boolean | undefined): [string, string[]][] {
  const isOne = (path: string) => path === 'type' || path === 'config' || path.startsWith('config/');
  if (!retyped) return paths.map((path) => [path, [path]]);
  return [['type', paths.filter(isOne)], ...paths.filter((path) => !isOne(path)).map((path): [string, string[]] => [path, [path]])];
}

/** The uids that new and changed elements of a side name: the ends of a way, the step that somebody else is asked at. */
function named(base: Apart, side: Apart): Set<string> {
  const fresh = [...side.values()].filter((one) => !base.has(one.id) || !sameOwn(base.get(one.id) as Element, one));
  return new Set(fresh.flatMap(({ own }) => [...own].filter(([path, value]) => path !== 'uid' && typeof value === 'string').map(([, value]) => value as string)));
}

function where({ parent, slot }: Element): string[] {
  return [parent, slot];
}

function sameOwn(one: Element, other: Element): boolean {
  return one.own.size === other.own.size && [...one.own].every(([path, value]) => same(value, other.own.get(path)));
}
