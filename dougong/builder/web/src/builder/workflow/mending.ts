/** The fix of a problem, as the server offers it: edits by uid, tried there before. What is new gets an identity here. */
import type { FlowEdge, Mend, WorkflowDoc } from '../../core/types';
import { newUid } from '../../core/uid';
import { addNode, CARD, changeEdge, changeNode, freePoint, GAP, LABEL, pointOf, placed } from './edits';

export function mended(doc: WorkflowDoc, fix: readonly Mend[]): WorkflowDoc {
  const fresh = new Map<string, string>();
  const uid = (found: string) => (found.startsWith('+') ? (fresh.get(found) ?? fresh.set(found, newUid()).get(found) ?? found) : found);
  return fix.reduce((now, one) => applied(now, one, uid), doc);
}

function applied(doc: WorkflowDoc, one: Mend, uid: (found: string) => string): WorkflowDoc {
  switch (one.edit) {
    case 'set':
      return changeNode(doc, one.node, (node) => ({ ...node, config: { ...node.config, ...one.config } }));
    case 'add':
      return 'after' in one ? addBehind(doc, { ...one.node, uid: uid(one.node.uid) }, one.after) : addBefore(doc, { ...one.node, uid: uid(one.node.uid) }, one.before);
    case 'lead':
      return changeEdge(doc, one.edge, (edge) => ({ ...edge, target: uid(one.target) }));
    case 'connect': {
      const edge: FlowEdge = { ...one.edge, uid: uid(one.edge.uid), source: uid(one.edge.source), target: uid(one.edge.target) };
      return { ...doc, edges: [...doc.edges, edge] };
    }
  }
}

/** Below the ways that lead on from the step. */
function addBehind(doc: WorkflowDoc, node: WorkflowDoc['nodes'][number], after: string): WorkflowDoc {
  const { x, y } = pointOf(doc, after);
  return addNode(doc, node, freePoint(doc, { x: x + CARD.width + GAP + LABEL, y: y + 2 * CARD.height }));
}

/** Where the step stands now; that and all further right give way. */
function addBefore(doc: WorkflowDoc, node: WorkflowDoc['nodes'][number], before: string): WorkflowDoc {
  const at = pointOf(doc, before);
  const further = Object.entries(doc.layout?.nodes ?? {}).filter(([, { x }]) => x >= at.x);
  const moved = placed(doc, Object.fromEntries(further.map(([uid, { x, y }]) => [uid, { x: x + CARD.width + GAP, y }])));
  return addNode(moved, node, at);
}
