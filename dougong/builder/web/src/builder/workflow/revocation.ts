/** 撤销已通过 as it is drawn: an entry of its own, who decides, what is put back into records, and an end that says “revoked”. Here with one
 *  click, to be drawn on from there. */
import type { Config, FlowEdge, FlowNode, NodeType, WorkflowDoc } from '../../core/types';
import { newUid } from '../../core/uid';
import { addNode, CARD, GAP, newNode } from './edits';
import { remove } from './removing';

type Step = readonly [type: string, config: Config];

function wayOf(doc: WorkflowDoc): Step[] {
  const decides: Step = ['approval', { who: { by: 'approvers' }, mode: 'all', initiator: 'self' }];
  const back = [...addedTo(doc)].map((entity): Step => ['put_back', { entity }]);
  return [['revoke', {}], decides, ...back, ['end', { result: 'revoked' }]];
}

/** The record types to whose numbers the workflow adds. */
function addedTo(doc: WorkflowDoc): Set<unknown> {
  const adds = (node: FlowNode) => (node.config?.['values'] as Config[] | undefined)?.some((value) => value['how'] === 'add');
  return new Set(doc.nodes.filter((node) => node.type === 'write_record' && adds(node)).map((node) => node.config?.['entity']));
}

export function entryOf(doc: WorkflowDoc): FlowNode | undefined {
  return doc.nodes.find((node) => node.type === 'revoke');
}

/** Below all that is drawn. */
export function withRevocation(doc: WorkflowDoc, types: readonly NodeType[]): WorkflowDoc {
  const points = Object.values(doc.layout?.nodes ?? {});
  const [x, y] = [Math.min(0, ...points.map((point) => point.x)), Math.max(0, ...points.map((point) => point.y)) + 2 * CARD.height];
  let before: FlowNode | undefined;
  return wayOf(doc).reduce((found, [name, config], index) => {
    const type = types.find((one) => one.name === name);
    if (!type) return found;
    const node = { ...newNode(found, type), config };
    const way: FlowEdge[] = before ? [{ uid: newUid(), source: before.uid, target: node.uid }] : [];
    before = node;
    return addNode({ ...found, edges: [...found.edges, ...way] }, node, { x: x + index * (CARD.width + GAP), y });
  }, doc);
}

/** Without the entry and all that only leads on from there. */
export function withoutRevocation(doc: WorkflowDoc): WorkflowDoc {
  const entry = entryOf(doc);
  if (!entry) return doc;
  const kept = reached(doc, doc.nodes.filter((node) => node.type === 'start').map((node) => node.uid));
  const gone = [...reached(doc, [entry.uid])].filter((uid) => !kept.has(uid));
  return remove(doc, gone.map((uid) => ({ group: 'nodes', uid })));
}

function reached(doc: WorkflowDoc, from: string[]): Set<string> {
  const found = new Set<string>();
  const todo = [...from];
  for (let uid = todo.pop(); uid !== undefined; uid = todo.pop()) {
    if (found.has(uid)) continue;
    found.add(uid);
    todo.push(...doc.edges.filter((edge) => edge.source === uid).map((edge) => edge.target));
  }
  return found;
}
