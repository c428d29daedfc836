/** What is done on the canvas by hand, as edits: selecting, moving, connecting. A card of folded steps stands for what it holds. */
import type { Connection, EdgeChange, NodeChange, OnReconnect } from '@xyflow/react';
import { useRef } from 'react';

import type { Place, WorkflowDoc } from '../../core/types';
import { useDocument, useLibrary } from '../context';
import { cardOf, carriedAlong, endWithin, placesOf, type Block } from './blocks';
import { connect, edgeOf, mayConnect, placed, reconnect } from './edits';
import type { NoteNode, StepNode, WayEdge } from './flow';
import { useGuides } from './Guides';

interface Ends {
  source: string;
  target: string;
}

export function useChanges(blocks: readonly Block[]) {
  const store = useDocument<WorkflowDoc>();
  const { verbs } = store;
  const types = useLibrary((found) => found.vocabulary.nodes);
  const dragging = useRef(false);
  const { guides, pulled, letGo } = useGuides(blocks);

  const select = (changes: readonly { places: readonly Place[]; selected: boolean }[]) => {
    if (!changes.length) return;
    const off = new Set(changes.flatMap(({ places }) => places.map(({ group, uid }) => `${group}/${uid}`)));
    const kept = store.getState().selection.filter(({ group, uid }) => !off.has(`${group}/${uid}`));
    verbs.select([...kept, ...changes.flatMap(({ places, selected }) => (selected ? places : []))]);
  };

  const placesAt = (id: string): Place[] => {
    const { draft } = store.getState();
    const block = blocks.find((one) => cardOf(one) === id);
    return placesOf(draft, block ?? [id]);
  };

  const nodesChanged = (changes: NodeChange<StepNode | NoteNode>[]) => {
    select(changes.filter((change) => change.type === 'select').map(({ id, selected }) => ({ places: placesAt(id), selected })));
    const moves = changes.filter((change) => change.type === 'position');
    if (moves.some((move) => move.dragging) && !dragging.current) {
      dragging.current = true;
      verbs.begin();
    }
    const wished = Object.fromEntries(moves.flatMap((move) => (move.position ? [[move.id, move.position]] : [])));
    const points = dragging.current ? pulled(wished) : wished;
    if (Object.keys(points).length) verbs.change((doc) => placed(doc, carriedAlong(doc, blocks, points)), 'move');
    if (dragging.current && moves.some((move) => move.dragging === false)) {
      dragging.current = false;
      letGo();
      verbs.end();
    }
  };

  const edgesChanged = (changes: EdgeChange<WayEdge>[]) =>
    select(changes.filter((change) => change.type === 'select').map(({ id, selected }) => ({ places: [{ group: 'edges', uid: id }], selected })));

  const ends = ({ source, target }: Ends): Ends => {
    const { draft } = store.getState();
    return { source: endWithin(draft, blocks, source, 'source'), target: endWithin(draft, blocks, target, 'target') };
  };
  const allowed = (drawn: Ends) => {
    const { source, target } = ends(drawn);
    return mayConnect(store.getState().draft, source, target, types);
  };
  const connected = (drawn: Connection) => {
    const { source, target } = ends(drawn);
    verbs.change((doc) => (mayConnect(doc, source, target, types) ? connect(doc, source, target, types) : doc));
  };
  const reconnected: OnReconnect<WayEdge> = ({ id, ...drawn }, to) => {
    const edge = edgeOf(store.getState().draft, id);
    if (!edge) return;
    const { source, target } = ends(to); // an end that was left where it is stays the step that it was
    const next = { source: to.source === drawn.source ? edge.source : source, target: to.target === drawn.target ? edge.target : target };
    if (next.source && next.target) verbs.change((doc) => reconnect(doc, id, next.source, next.target));
  };
  return { guides, nodesChanged, edgesChanged, allowed, connected, reconnected };
}
