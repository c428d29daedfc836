/** From step to step by keyboard: along the ways, and among those that a step leads to. */
import type { WorkflowDoc } from '../../core/types';
import { pointOf, waysInto, waysOut } from './edits';

export type Direction = 'ArrowRight' | 'ArrowLeft' | 'ArrowDown' | 'ArrowUp';

/** Where Alt and an arrow lead from here; undefined: nowhere. */
export function neighbour(doc: WorkflowDoc, uid: string, direction: Direction): string | undefined {
  if (direction === 'ArrowRight') return waysOut(doc, uid)[0]?.target;
  if (direction === 'ArrowLeft') return waysInto(doc, uid)[0]?.source;
  const before = waysInto(doc, uid)[0]?.source;
  const beside = before ? waysOut(doc, before).map((edge) => edge.target) : doc.nodes.filter((node) => !waysInto(doc, node.uid).length).map((node) => node.uid);
  const ordered = [...new Set([...beside, uid])].sort((one, other) => pointOf(doc, one).y - pointOf(doc, other).y);
  return ordered[ordered.indexOf(uid) + (direction === 'ArrowDown' ? 1 : -1)];
}
