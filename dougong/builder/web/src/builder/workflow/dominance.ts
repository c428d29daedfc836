/** The branches of a step up to where they come together: the region that it alone leads into, and one step leads out of. */
import type { WorkflowDoc } from '../../core/types';
import type { Block } from './blocks';

const EXIT = '';

/** The step that branches, and all between it and where its ways meet; with the join, where only they lead to it. Undefined: they never meet, or there is one way. */
export function branchOf(doc: WorkflowDoc, uid: string): Block | undefined {
  return branchesOf(doc, [uid])[0];
}

/** The outermost of them, as they are drawn. */
export function outermost(doc: WorkflowDoc): Block[] {
  const all = branchesOf(doc, doc.nodes.map((node) => node.uid)).sort((one, other) => other.length - one.length);
  const taken = new Set<string>();
  return all.filter((block) => {
    const isFree = !block.some((uid) => taken.has(uid));
    if (isFree) for (const uid of block) taken.add(uid);
    return isFree;
  });
}

function branchesOf(doc: WorkflowDoc, uids: readonly string[]): Block[] {
  const onward = new Map<string, string[]>(doc.nodes.map((node) => [node.uid, []]));
  const backward = new Map<string, string[]>(doc.nodes.map((node) => [node.uid, []]));
  for (const { source, target } of doc.edges) {
    onward.get(source)?.push(target);
    backward.get(target)?.push(source);
  }
  const types = new Map(doc.nodes.map((node) => [node.uid, node.type]));
  const ends = doc.nodes.filter((node) => !onward.get(node.uid)?.length).map((node) => node.uid);
  const start = doc.nodes.find((node) => node.type === 'start')?.uid ?? doc.nodes[0]?.uid ?? EXIT;
  const before = dominators(start, onward, backward);
  const behind = dominators(EXIT, new Map([...backward, [EXIT, ends]]), new Map([...onward].map(([uid, to]) => [uid, to.length ? to : [EXIT]])));

  return uids.flatMap((uid) => {
    const meets = behind.get(uid);
    if (!meets || uid === start || new Set(onward.get(uid)).size < 2) return [];
    const found = new Set([uid]);
    for (const one of found) for (const next of onward.get(one) ?? []) if (next !== meets && isBefore(uid, next)) found.add(next);
    const isJoin = types.get(meets) === 'join' && backward.get(meets)?.every((one) => found.has(one));
    if (isJoin) found.add(meets);
    return found.size > 1 ? [[...found]] : [];
  });

  function isBefore(uid: string, other: string | undefined): boolean {
    for (let at = other; at !== undefined; at = before.get(at)) if (at === uid) return true;
    return false;
  }
}

/** By step the nearest one through which every way from the root to it leads (Cooper, Harvey, Kennedy 2001). */
export function dominators(root: string, onward: ReadonlyMap<string, readonly string[]>, backward: ReadonlyMap<string, readonly string[]>): Map<string, string> {
  const order = postorder(root, onward);
  const number = new Map(order.map((uid, index) => [uid, index]));
  const found = new Map<string, string>([[root, root]]);
  const meet = (one: string, other: string): string => {
    let [a, b] = [one, other];
    while (a !== b) {
      if ((number.get(a) ?? 0) < (number.get(b) ?? 0)) a = found.get(a) ?? root;
      else b = found.get(b) ?? root;
    }
    return a;
  };
  for (let changed = true; changed; ) {
    changed = false;
    for (const uid of order.toReversed()) {
      if (uid === root) continue;
      const nearest = (backward.get(uid) ?? []).filter((one) => found.has(one)).reduce<string | undefined>((so, one) => (so === undefined ? one : meet(so, one)), undefined);
      if (nearest === undefined || found.get(uid) === nearest) continue;
      found.set(uid, nearest);
      changed = true;
    }
  }
  found.delete(root);
  return found;
}

/** Without recursion, however long a workflow is. */
function postorder(root: string, onward: ReadonlyMap<string, readonly string[]>): string[] {
  const order: string[] = [];
  const seen = new Set([root]);
  const way = [{ uid: root, next: 0 }];
  for (let here = way.at(-1); here; here = way.at(-1)) {
    const target = onward.get(here.uid)?.[here.next];
    here.next += 1;
    if (target === undefined) order.push((way.pop() as { uid: string }).uid);
    else if (!seen.has(target)) {
      seen.add(target);
      way.push({ uid: target, next: 0 });
    }
  }
  return order;
}
