/** Steps folded away into one card: what is drawn of a workflow then. The document knows nothing of it. */
import type { FlowEdge, FlowNode, Place, Point, WorkflowDoc } from '../../core/types';
import { pointOf } from './edits';

/** The type of the card that stands for a block. */
export const BLOCK = 'block';

/** The uids of the steps and notes in it; where the first step stands, its card is drawn. */
export type Block = readonly string[];

export function cardOf(block: Block): string {
  return `${BLOCK}:${block[0]}`;
}

/** The block whose card this is, or that holds this element. */
export function blockOf(blocks: readonly Block[], uid: string): Block | undefined {
  return blocks.find((block) => cardOf(block) === uid || block.includes(uid));
}

/** What is left of the blocks in a document: those of two steps and more, in the order in which they are drawn. */
export function standing(doc: WorkflowDoc, blocks: readonly Block[]): Block[] {
  const steps = new Set(doc.nodes.map((node) => node.uid));
  const notes = new Set(doc.notes?.map((note) => note.uid));
  const from = (uid: string) => pointOf(doc, uid).x;
  return blocks
    .map((block) => [...block.filter((uid) => steps.has(uid)).sort((one, other) => from(one) - from(other)), ...block.filter((uid) => notes.has(uid))])
    .filter((block) => steps.has(block[1] ?? ''));
}

/** The document with a card for each block: lines lead to the card, those within it are not there. */
export function collapsed(doc: WorkflowDoc, blocks: readonly Block[]): WorkflowDoc {
  if (!blocks.length) return doc;
  const inside = new Map(blocks.flatMap((block) => block.map((uid) => [uid, block] as const)));
  const nodes = doc.nodes.flatMap((node): FlowNode[] => {
    const block = inside.get(node.uid);
    if (!block) return [node];
    return node.uid === block[0] ? [{ uid: cardOf(block), type: BLOCK, title: node.title, config: { inside: block } }] : [];
  });
  const points = Object.fromEntries(blocks.map((block) => [cardOf(block), pointOf(doc, block[0] ?? '')]));
  return {
    ...doc,
    nodes,
    edges: ledToCards(doc.edges, inside),
    ...(doc.notes ? { notes: doc.notes.filter((note) => !inside.has(note.uid)) } : {}),
    layout: { ...doc.layout, nodes: { ...doc.layout?.nodes, ...points } },
  };
}

/** Of several lines between the same two cards the first is drawn. */
function ledToCards(edges: readonly FlowEdge[], inside: ReadonlyMap<string, Block>): FlowEdge[] {
  const end = (uid: string) => {
    const block = inside.get(uid);
    return block ? cardOf(block) : uid;
  };
  const drawn = new Set<string>();
  return edges.flatMap((edge) => {
    const [source, target] = [end(edge.source), end(edge.target)];
    if (source === edge.source && target === edge.target) return [edge];
    const way = `${source}/${target}`;
    if (source === target || drawn.has(way)) return [];
    drawn.add(way);
    return [{ ...edge, source, target }];
  });
}

/** What is chosen with a card: all that it holds. */
export function placesOf(doc: WorkflowDoc, block: Block): Place[] {
  const notes = new Set(doc.notes?.map((note) => note.uid));
  return block.map((uid) => ({ group: notes.has(uid) ? 'notes' : 'nodes', uid }));
}

/** Where everything goes when cards are moved: what a card holds goes with it. */
export function carriedAlong(doc: WorkflowDoc, blocks: readonly Block[], points: Readonly<Record<string, Point>>): Record<string, Point> {
  return Object.fromEntries(
    Object.entries(points).flatMap(([uid, to]) => {
      const block = blocks.find((one) => cardOf(one) === uid);
      if (!block) return [[uid, to] as const];
      const from = pointOf(doc, block[0] ?? '');
      return block.map((one) => {
        const { x, y } = pointOf(doc, one);
        return [one, { x: x + to.x - from.x, y: y + to.y - from.y }] as const;
      });
    }),
  );
}

/** The step within a block that a line from or to its card means: the only one by which it is left or entered; else none. */
export function endWithin(doc: WorkflowDoc, blocks: readonly Block[], uid: string, side: 'source' | 'target'): string {
  const block = blocks.find((one) => cardOf(one) === uid);
  if (!block) return uid;
  const other = side === 'source' ? 'target' : 'source';
  const [only, another] = new Set(doc.edges.filter((edge) => block.includes(edge[side]) && !block.includes(edge[other])).map((edge) => edge[side]));
  return only && !another ? only : '';
}
