/** What React Flow draws, derived from the draft. What has not changed stays the same object, so that it is not drawn anew. */
import { Position, type Edge, type Node } from '@xyflow/react';

import type { FlowEdge, FlowNode, NodeType, Note, Place, WorkflowDoc } from '../../core/types';
import { BLOCK, type Block } from './blocks';
import { channels } from './channels';
import { CARD, decides, outcomeWords } from './edits';
import { noteSize } from './notes';

export type StepNode = Node<{ node: FlowNode; type: NodeType | undefined; into: number; out: number }, 'step' | typeof BLOCK>;
export type NoteNode = Node<{ note: Note }, 'note'>;
export type WayEdge = Edge<{ edge: FlowEdge; asked: boolean; order: number; ways: number; height: number; outcome: string }, 'way'>;

interface Drawn {
  nodes: (StepNode | NoteNode)[];
  edges: WayEdge[];
}

const SIZE = { ...CARD, measured: CARD };
const HANDLE = { width: 12, height: 12, y: CARD.height / 2 - 6 };
const INTO = { id: null, type: 'target' as const, position: Position.Left, x: -6, ...HANDLE };
const OUT = { id: null, type: 'source' as const, position: Position.Right, x: CARD.width - 6, ...HANDLE };

/** One for each canvas: it remembers what it made last. */
export function drawer(types: readonly NodeType[]): (doc: WorkflowDoc, selection: readonly Place[]) => Drawn {
  const byName = new Map(types.map((type) => [type.name, type]));
  let nodes = new Map<string, StepNode>();
  let notes = new Map<string, NoteNode>();
  let edges = new Map<string, WayEdge>();
  let placed: { doc: WorkflowDoc; heights: Map<string, number> } | null = null;

  return (doc, selection) => {
    const chosen = new Set(selection.map((place) => `${place.group}/${place.uid}`));
    const counts = countWays(doc.edges);
    const known = new Map(doc.nodes.map((node) => [node.uid, node]));

    const step = (node: FlowNode): StepNode => {
      const position = doc.layout?.nodes?.[node.uid] ?? { x: 0, y: 0 };
      const into = counts.into.get(node.uid) ?? 0;
      const out = counts.out.get(node.uid) ?? 0;
      const selected = node.type === BLOCK ? (node.config?.['inside'] as Block).some((uid) => chosen.has(`nodes/${uid}`)) : chosen.has(`nodes/${node.uid}`);
      const last = nodes.get(node.uid);
      const same =
        last?.data.node === node && last.position === position && last.selected === selected && last.data.into === into && last.data.out === out;
      if (last && same) return last;
      const type = byName.get(node.type);
      const handles = [...(type?.ways_in[1] === 0 ? [] : [INTO]), ...(type?.ways_out[1] === 0 ? [] : [OUT])];
      return { id: node.uid, type: node.type === BLOCK ? BLOCK : 'step', position, selected, ...SIZE, handles, data: { node, type, into, out } };
    };

    const paper = (note: Note): NoteNode => {
      const position = doc.layout?.nodes?.[note.uid] ?? { x: 0, y: 0 };
      const selected = chosen.has(`notes/${note.uid}`);
      const last = notes.get(note.uid);
      if (last?.data.note === note && last.position === position && last.selected === selected) return last;
      const size = noteSize(note);
      return { id: note.uid, type: 'note', position, selected, ...size, measured: size, handles: [], connectable: false, zIndex: -1, data: { note } };
    };

    const orders = new Map<string, number>();
    placed = placed && standAlike(placed.doc, doc) ? { ...placed, doc } : { doc, heights: channels(doc) };
    const { heights } = placed;
    const way = (edge: FlowEdge): WayEdge => {
      const order = (orders.get(edge.source) ?? 0) + (edge.default ? 0 : 1);
      orders.set(edge.source, order);
      const asked = decides(known.get(edge.source));
      const ways = asked ? (counts.out.get(edge.source) ?? 0) : 0;
      const outcome = outcomeWords(edge, byName.get(known.get(edge.source)?.type ?? ''));
      const height = heights.get(edge.uid) ?? 0;
      const selected = chosen.has(`edges/${edge.uid}`);
      const last = edges.get(edge.uid);
      const { data } = last ?? {};
      const same =
        data?.edge === edge &&
        data.order === order &&
        data.ways === ways &&
        data.asked === asked &&
        data.height === height &&
        last?.selected === selected;
      if (last && same) return last;
      return { id: edge.uid, type: 'way', source: edge.source, target: edge.target, selected, data: { edge, asked, order, ways, height, outcome } };
    };

    const steps = doc.nodes.map(step);
    const papers = (doc.notes ?? []).map(paper);
    const ways = doc.edges.filter((edge) => known.has(edge.source) && known.has(edge.target)).map(way);
    nodes = new Map(steps.map((one) => [one.id, one]));
    notes = new Map(papers.map((one) => [one.id, one]));
    edges = new Map(ways.map((one) => [one.id, one]));
    return { nodes: [...papers, ...steps], edges: ways };
  };
}

/** The same steps at the same places, with the same ways: while a title is typed, no way is led anew. */
function standAlike(one: WorkflowDoc, other: WorkflowDoc): boolean {
  if (one.edges !== other.edges || one.layout !== other.layout || one.nodes.length !== other.nodes.length) return false;
  return one.nodes === other.nodes || one.nodes.every((node, index) => node.uid === other.nodes[index]?.uid);
}

function countWays(edges: readonly FlowEdge[]): { into: Map<string, number>; out: Map<string, number> } {
  const into = new Map<string, number>();
  const out = new Map<string, number>();
  for (const { source, target } of edges) {
    out.set(source, (out.get(source) ?? 0) + 1);
    into.set(target, (into.get(target) ?? 0) + 1);
  }
  return { into, out };
}
