/** Steps, ways and notes by what they are called, in any language, by their type or uid. */
import type { NodeType, Place, Text, WorkflowDoc } from '../../core/types';

const MOST = 50;

export interface Hit {
  place: Place;
  title: Text;
  /** What it is, where it is a step. */
  type: NodeType | undefined;
}

/** The names that begin so first, then those that hold it, then types and uids; at most 50. */
export function found(doc: WorkflowDoc, query: string, types: readonly NodeType[]): Hit[] {
  const sought = plain(query);
  if (!sought) return [];
  const known = new Map(types.map((type) => [type.name, type]));
  const hit = (group: string, uid: string, title: Text, type?: NodeType) => ({ hit: { place: { group, uid }, title, type }, rank: rankOf(sought, title, uid, type) });
  const all = [
    ...doc.nodes.map(({ uid, title, type }) => hit('nodes', uid, title, known.get(type))),
    ...doc.edges.flatMap(({ uid, title }) => (title ? [hit('edges', uid, title)] : [])),
    ...(doc.notes ?? []).map(({ uid, text }) => hit('notes', uid, text)),
  ];
  return all
    .filter(({ rank }) => rank < Infinity)
    .sort((one, other) => one.rank - other.rank)
    .slice(0, MOST)
    .map((one) => one.hit);
}

function rankOf(sought: string, title: Text, uid: string, type: NodeType | undefined): number {
  const names = Object.values(title).map(plain);
  if (names.some((name) => name.startsWith(sought))) return 0;
  if (names.some((name) => name.includes(sought))) return 1;
  if (Object.values(type?.title ?? {}).some((name) => plain(name).includes(sought))) return 2;
  return plain(uid).startsWith(sought) ? 3 : Infinity;
}

function plain(words: string): string {
  return words.normalize('NFKC').trim().toLowerCase();
}
