/** Deleting from a workflow: a line stays whole where that is plain, and a decision never loses its 其他情况. */
import { listed, pick, t } from '../../core/i18n';
import type { FlowEdge, Place, WorkflowDoc } from '../../core/types';
import { decides, makeDefault, nodeOf, waysOut } from './edits';

/** Without the selected steps, ways and notes. What led to a step with one way on leads on to where that led. */
export function remove(doc: WorkflowDoc, places: readonly Place[]): WorkflowDoc {
  const named = (group: string) => new Set(places.filter((place) => place.group === group).map((place) => place.uid));
  const [gone, chosen, notes] = [named('nodes'), named('edges'), named('notes')];
  const cut = new Set([...chosen].filter((uid) => !isHeld(doc, uid, chosen, gone)));
  const edges = healed(doc.edges.filter((edge) => !cut.has(edge.uid)), gone);
  if (!gone.size && !notes.size && edges.length === doc.edges.length) return doc;
  const layout = { ...doc.layout, nodes: without(doc.layout?.nodes ?? {}, new Set([...gone, ...notes])) };
  const left: WorkflowDoc = { ...doc, nodes: doc.nodes.filter((node) => !gone.has(node.uid)), edges, layout };
  const kept = doc.notes?.filter((note) => !notes.has(note.uid));
  return withDefaults(doc, kept ? { ...left, notes: kept } : left);
}

/** 其他情况 stays as long as there is another way to take, and the step it leads out of. */
function isHeld(doc: WorkflowDoc, uid: string, chosen: ReadonlySet<string>, gone: ReadonlySet<string>): boolean {
  const edge = doc.edges.find((one) => one.uid === uid);
  if (!edge?.default || gone.has(edge.source) || gone.has(edge.target) || !decides(nodeOf(doc, edge.source))) return false;
  return waysOut(doc, edge.source).some((one) => !chosen.has(one.uid));
}

/** A way to a step that goes is led on, as long as that step has one main way on, and nobody leads there already. */
function healed(edges: readonly FlowEdge[], gone: ReadonlySet<string>): FlowEdge[] {
  const onward = (uid: string): string | undefined => {
    const seen = new Set<string>();
    let at = uid;
    while (gone.has(at) && !seen.has(at)) {
      seen.add(at);
      const [only, another] = edges.filter((edge) => edge.source === at && !edge.on);
      if (!only || another) return undefined;
      at = only.target;
    }
    return seen.has(at) ? undefined : at;
  };
  const kept = edges.filter((edge) => !gone.has(edge.source) && !gone.has(edge.target));
  const leads = new Set(kept.map((edge) => `${edge.source}/${edge.target}`));
  return edges.flatMap((edge) => {
    if (gone.has(edge.source)) return [];
    if (!gone.has(edge.target)) return [edge];
    const target = onward(edge.target);
    const way = `${edge.source}/${target}`;
    if (!target || target === edge.source || leads.has(way)) return [];
    leads.add(way);
    return [{ ...edge, target }];
  });
}

/** A decision that has lost its 其他情况 with the step that it led to: its last way takes its place. */
function withDefaults(before: WorkflowDoc, after: WorkflowDoc): WorkflowDoc {
  return heirs(before, after).reduce((doc, edge) => makeDefault(doc, edge.uid), after);
}

function heirs(before: WorkflowDoc, after: WorkflowDoc): FlowEdge[] {
  const had = new Set(before.edges.filter((edge) => edge.default).map((edge) => edge.source));
  return after.nodes.flatMap((node) => {
    const ways = had.has(node.uid) && decides(node) ? waysOut(after, node.uid) : [];
    const last = ways.at(-1);
    return last && !ways.some((edge) => edge.default) ? [last] : [];
  });
}

/** What a deletion did besides, or did not do: to be said. */
export function removalWords(before: WorkflowDoc, after: WorkflowDoc, places: readonly Place[]): string {
  const chosen = new Set(places.filter((place) => place.group === 'edges').map((place) => place.uid));
  if (after.edges.some((edge) => edge.default && chosen.has(edge.uid))) return t('builder.otherwise.stays');
  const was = new Map(before.edges.map((edge) => [edge.uid, edge]));
  const fresh = after.edges.filter((edge) => edge.default && !was.get(edge.uid)?.default);
  if (!fresh.length) return '';
  return t('builder.otherwise.passed', { names: listed(fresh.map((edge) => pick(nodeOf(after, edge.target)?.title))) });
}

function without<V>(found: Readonly<Record<string, V>>, gone: ReadonlySet<string>): Record<string, V> {
  return Object.fromEntries(Object.entries(found).filter(([key]) => !gone.has(key)));
}
