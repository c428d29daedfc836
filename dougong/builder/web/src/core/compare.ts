/** Two drafts in one picture: the later one, with what it no longer has put back where it stood; and what has become of each element. */
import { differences, type Difference } from './differences';
import { putTogether, takenApart, type Element } from './elements';

export type Mark = 'added' | 'removed' | 'changed' | 'moved';

export interface Compared<D> {
  both: D;
  found: Difference[];
  /** By uid. An element in which something was changed is changed. */
  marks: Record<string, Mark>;
}

export function compared<D extends object>(before: D, after: D): Compared<D> {
  const found = differences(before, after);
  const [old, fresh] = [takenApart(before), takenApart(after)];
  for (const [id, was] of old) if (!fresh.has(id)) putBack(id, was);
  const marks: Record<string, Mark> = {};
  for (const { is, id } of found) if (is !== 'reordered') mark(id, is);
  return { both: putTogether(fresh) as D, found, marks };

  /** Behind what it stood behind, as far as that is still there. */
  function putBack(id: string, was: Element): void {
    const parent = fresh.get(was.parent) as Element;
    const siblings = old.get(was.parent)?.lists.get(was.slot) ?? [];
    const here = [...(parent.lists.get(was.slot) ?? [])];
    const ahead = siblings.slice(0, siblings.indexOf(id)).findLast((one) => here.includes(one));
    here.splice(ahead === undefined ? 0 : here.indexOf(ahead) + 1, 0, id);
    parent.lists.set(was.slot, here);
    fresh.set(id, { ...was, lists: new Map() });
    const place = `layout/nodes/${was.uid}`;
    const point = old.get('')?.own.get(place);
    if (was.group === 'nodes' && point) (fresh.get('') as Element).own.set(place, point);
  }

  function mark(id: string, is: Mark): void {
    const one = fresh.get(id);
    if (!one?.uid) return;
    marks[one.uid] = marks[one.uid] === 'added' || marks[one.uid] === 'removed' ? (marks[one.uid] as Mark) : is;
    const around = fresh.get(one.parent);
    if (around?.uid && !['sections'].includes(around.group)) mark(around.id, 'changed');
  }
}
