/** A counterexample, move by move: where the tokens stand after so many of them. */
import { pick, t } from '../../core/i18n';
import type { NodeType, Point, TraceMove, WorkflowDoc } from '../../core/types';
import { CARD, edgeOf, nodeOf, outcomeWords, pointOf } from './edits';

/** A token stands at the end of a line ("" is the entry), at the step that it leads to. */
export interface Standing {
  way: string;
  node: string;
}

export function standing(doc: WorkflowDoc, trace: readonly TraceMove[], moves: number): Standing[] {
  const found = [''];
  for (const move of trace.slice(0, moves)) {
    for (const way of move.took) {
      const at = found.indexOf(way);
      if (at >= 0) found.splice(at, 1);
    }
    found.push(...move.ways);
  }
  return found.map((way) => ({ way, node: stepOf(doc, way) }));
}

/** What a move was: done, with which outcome, or sent back to whom. */
export function moveWords(doc: WorkflowDoc, { node, ways }: TraceMove, types: readonly NodeType[]): string {
  const [name, way] = [titleOf(doc, node), ways[0] ?? ''];
  if (way.startsWith('~')) return t('builder.trace.sent_back', { name, to: titleOf(doc, way.slice(1)) });
  const edge = edgeOf(doc, way);
  const outcome = edge && outcomeWords(edge, types.find((type) => type.name === nodeOf(doc, node)?.type));
  return outcome ? t('builder.trace.outcome', { name, outcome }) : t('builder.trace.moved', { name });
}

function titleOf(doc: WorkflowDoc, uid: string): string {
  return pick(nodeOf(doc, uid)?.title);
}

function stepOf(doc: WorkflowDoc, way: string): string {
  if (way === '') return doc.nodes.find((node) => node.type === 'start')?.uid ?? '';
  if (way.startsWith('~')) return way.slice(1);
  return doc.edges.find((edge) => edge.uid === way)?.target ?? '';
}

/** Where the tokens are drawn: in a row above the step that each stands at, so that two are seen to be two. */
export function places(doc: WorkflowDoc, tokens: readonly Standing[]): (Point & Standing)[] {
  const seen = new Map<string, number>();
  return tokens.map((token) => {
    const before = seen.get(token.node) ?? 0;
    seen.set(token.node, before + 1);
    const { x, y } = pointOf(doc, token.node);
    return { ...token, x: x + 20 + before * 26, y: y + CARD.height };
  });
}
