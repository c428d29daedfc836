/** Which ways lead back: those that close a loop, at the step by which the loop is entered. Without recursion, however long a workflow is. */

interface Arc {
  uid: string;
  source: string;
  target: string;
}

/** More nesting than this nobody draws; what is left is broken by the layout itself. */
const ROUNDS = 40;

/** Without the ways it names, the others form no loop (but for the deepest nested). */
export function waysBack(uids: readonly string[], arcs: readonly Arc[]): Set<string> {
  const back = new Set(arcs.filter((arc) => arc.source === arc.target).map((arc) => arc.uid));
  for (let round = 0; round < ROUNDS; round += 1) {
    const left = arcs.filter((arc) => !back.has(arc.uid));
    const loop = loops(uids, left);
    const inner = left.filter((arc) => loop.has(arc.source) && loop.get(arc.source) === loop.get(arc.target));
    if (!inner.length) return back;
    for (const uid of closing(uids, left, inner, loop)) back.add(uid);
  }
  return back;
}

/** Of each loop the ways from its inside to where it is entered; of one that is entered everywhere, those into its first step. */
function closing(uids: readonly string[], arcs: readonly Arc[], inner: readonly Arc[], loop: ReadonlyMap<string, number>): string[] {
  const entries = new Set(arcs.filter((arc) => loop.has(arc.target) && loop.get(arc.source) !== loop.get(arc.target)).map((arc) => arc.target));
  const found = inner.filter((arc) => entries.has(arc.target) && !entries.has(arc.source));
  const done = new Set(found.map((arc) => loop.get(arc.target)));
  const first = new Map<number, string>();
  for (const uid of uids) {
    const number = loop.get(uid);
    if (number !== undefined && !done.has(number) && (!first.has(number) || (entries.has(uid) && !entries.has(first.get(number) ?? ''))))
      first.set(number, uid);
  }
  const others = inner.filter((arc) => first.get(loop.get(arc.target) ?? -1) === arc.target);
  return [...found, ...others].map((arc) => arc.uid);
}

/** The number of the loop that each step is in, for those in one: strongly connected components (Tarjan), with a stack of our own. */
function loops(uids: readonly string[], arcs: readonly Arc[]): Map<string, number> {
  const onward = new Map<string, string[]>(uids.map((uid) => [uid, []]));
  for (const { source, target } of arcs) onward.get(source)?.push(target);
  const order = new Map<string, number>();
  const low = new Map<string, number>();
  const open: string[] = [];
  const isOpen = new Set<string>();
  const found = new Map<string, number>();
  const enter = (uid: string): { uid: string; next: number } => {
    order.set(uid, order.size);
    low.set(uid, order.size - 1);
    open.push(uid);
    isOpen.add(uid);
    return { uid, next: 0 };
  };
  const lower = (uid: string, to: number) => low.set(uid, Math.min(low.get(uid) ?? 0, to));

  for (const root of uids) {
    if (order.has(root)) continue;
    const way = [enter(root)];
    for (let here = way.at(-1); here; here = way.at(-1)) {
      const target = onward.get(here.uid)?.[here.next];
      here.next += 1;
      if (target === undefined) {
        way.pop();
        const before = way.at(-1);
        if (before) lower(before.uid, low.get(here.uid) ?? 0);
        if (low.get(here.uid) === order.get(here.uid)) close(here.uid);
      } else if (!order.has(target)) way.push(enter(target));
      else if (isOpen.has(target)) lower(here.uid, order.get(target) ?? 0);
    }
  }
  return found;

  function close(uid: string): void {
    const members = open.splice(open.lastIndexOf(uid));
    for (const member of members) {
      isOpen.delete(member);
      if (members.length > 1) found.set(member, order.get(uid) ?? 0);
    }
  }
}
