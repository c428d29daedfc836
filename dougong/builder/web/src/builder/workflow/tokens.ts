/** A counterexample, move by move: where the tokens stand after so many of them. */
import type { Point, TraceMove, WorkflowDoc } from '../../core/types';
import { CARD, pointOf } from './edits';

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
