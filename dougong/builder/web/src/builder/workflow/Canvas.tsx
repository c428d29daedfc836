/** The canvas of a workflow: cards and ways, drawn from the draft; what is done on it goes back as edits. */
import './workflow.css';
import './inspector.css';

import {
  Background,
  BackgroundVariant,
  MiniMap,
  ReactFlow,
  SelectionMode,
  useReactFlow,
  useStore,
  useStoreApi,
  type Connection,
  type EdgeChange,
  type NodeChange,
  type OnReconnect,
  type ReactFlowInstance,
} from '@xyflow/react';
import { lazy, Suspense, useCallback, useEffect, useMemo, useRef, useState } from 'react';

import { t } from '../../core/i18n';
import type { Place, WorkflowDoc } from '../../core/types';
import { useDocument, useDraft, useLibrary, useOpen } from '../context';
import { loadMenus } from './AddMenu';
import { CARD, connect, GRID, mayConnect, placed, pointOf, reconnect } from './edits';
import { Guides, useGuides } from './Guides';
import { Lanes } from './Lanes';
import { NoteCard } from './NoteCard';
import { drawer, type NoteNode, type StepNode, type WayEdge } from './flow';
import { labelLayer, WithLabelLayer } from './labels';
import { StepCard } from './StepCard';
import { moving, READABLE, show } from './view';
import { Toolbar } from './Toolbar';
import { focusDrawn, useCanvasKeys } from './useCanvasKeys';
import { WithFound } from './useIsFound';
import { useSeen } from './useSeen';
import type { View } from './views';
import { Way } from './Way';

const Find = lazy(() => import('./Find').then((found) => ({ default: found.Find })));
const Counterexample = lazy(() => import('./Counterexample').then((found) => ({ default: found.Counterexample })));
const NODE_TYPES = { step: StepCard, note: NoteCard };
const EDGE_TYPES = { way: Way };
/** Drawn smaller than this, nobody reads the words: they are left out. */
const WORDS_FROM = 0.4;
const MINIMAP = { width: 168, height: 112 };
const SNAP: [number, number] = [GRID, GRID];
const NOTHING: ReadonlySet<string> = new Set();
/** A click with one of these adds to what is selected. */
const ADDING = ['Shift', 'Meta', 'Control'];

export function Canvas() {
  const store = useDocument<WorkflowDoc>();
  const { verbs } = store;
  const types = useLibrary((found) => found.vocabulary.nodes);
  const draft = useDraft((found: WorkflowDoc) => found);
  const selection = useOpen((open) => open.selection);
  const readOnly = useOpen((open) => open.readOnly);
  const draw = useMemo(() => drawer(types), [types]);
  const [view, setView] = useState<View>('free');
  const [boxing, setBoxing] = useState(false);
  const [finding, setFinding] = useState(false);
  /** The steps are seen first, then where they stand in the whole. */
  const [begun, setBegun] = useState(false);
  const [lit, light] = useState<ReadonlySet<string>>(NOTHING);
  const { doc, lanes } = useSeen(draft, view);
  const { nodes, edges } = useMemo(() => draw(doc, selection), [draw, doc, selection]);
  const dragging = useRef(false);
  const [labels, setLabels] = useState<Element | null>(null);
  const flow = useReactFlow();
  const flowStore = useStoreApi();
  const far = useStore((state) => state.transform[2] < WORDS_FROM);
  const { guides, pulled, letGo } = useGuides();
  useLook(doc);
  const find = useCallback(() => setFinding(true), []);
  const pressed = useCanvasKeys(find);
  const isFree = view === 'free';

  /** What is played is played where things stand. */
  const showing = useOpen((open) => open.showing);
  useEffect(() => {
    if (showing) setView('free');
  }, [showing]);

  const found = () => {
    setFinding(false);
    light(NOTHING);
    const [only] = store.getState().selection;
    if (only) focusDrawn(only.uid);
  };

  const select = (group: string, changes: { id: string; selected: boolean }[]) => {
    if (!changes.length) return;
    const off = new Set(changes.map((change) => change.id));
    const kept = store.getState().selection.filter((place) => place.group !== group || !off.has(place.uid));
    verbs.select([...kept, ...changes.filter((change) => change.selected).map(({ id }): Place => ({ group, uid: id }))]);
  };

  const nodesChanged = (changes: NodeChange<StepNode | NoteNode>[]) => {
    const chosen = changes.filter((change) => change.type === 'select');
    const isNote = ({ id }: { id: string }) => store.getState().draft.notes?.some((note) => note.uid === id) ?? false;
    select('nodes', chosen.filter((change) => !isNote(change)));
    select('notes', chosen.filter(isNote));
    const moves = changes.filter((change) => change.type === 'position');
    if (moves.some((move) => move.dragging) && !dragging.current) {
      dragging.current = true;
      verbs.begin();
    }
    const wished = Object.fromEntries(moves.flatMap((move) => (move.position ? [[move.id, move.position]] : [])));
    const points = dragging.current ? pulled(wished) : wished;
    if (Object.keys(points).length) verbs.change((doc) => placed(doc, points), 'move');
    if (dragging.current && moves.some((move) => move.dragging === false)) {
      dragging.current = false;
      letGo();
      verbs.end();
    }
  };

  const shown = useRef(view);
  useEffect(() => {
    if (shown.current === view) return;
    shown.current = view;
    show(flow, doc, flowStore.getState(), moving(150));
  }, [view, doc, flow, flowStore]);

  const begin = (flow: ReactFlowInstance<StepNode | NoteNode, WayEdge>) => {
    loadMenus();
    setLabels(labelLayer(flowStore.getState().domNode));
    show(flow, store.getState().draft, flowStore.getState());
    setBegun(true);
  };

  const edgesChanged = (changes: EdgeChange<WayEdge>[]) =>
    select(
      'edges',
      changes.filter((change) => change.type === 'select'),
    );
  const allowed = ({ source, target }: { source: string; target: string }) => mayConnect(store.getState().draft, source, target, types);
  const connected = ({ source, target }: Connection) =>
    verbs.change((doc) => (mayConnect(doc, source, target, types) ? connect(doc, source, target, types) : doc));
  const reconnected: OnReconnect<WayEdge> = (edge, { source, target }) => verbs.change((doc) => reconnect(doc, edge.id, source, target));

  return (
    <WithLabelLayer value={far ? null : labels}>
      <WithFound value={lit}>
      <ReactFlow
        className={`b-view-${view}${far ? ' b-far' : ''}`}
        onKeyDownCapture={pressed}
        nodes={nodes}
        edges={edges}
        nodeTypes={NODE_TYPES}
        edgeTypes={EDGE_TYPES}
        onNodesChange={nodesChanged}
        onEdgesChange={edgesChanged}
        onConnect={connected}
        onReconnect={reconnected}
        isValidConnection={allowed}
        onInit={begin}
        nodesDraggable={!readOnly && isFree}
        nodesConnectable={!readOnly}
        edgesReconnectable={!readOnly}
        connectOnClick
        deleteKeyCode={null}
        selectionMode={SelectionMode.Partial}
        selectionOnDrag={boxing}
        panOnDrag={!boxing}
        multiSelectionKeyCode={ADDING}
        snapToGrid
        snapGrid={SNAP}
        minZoom={0.1}
        maxZoom={1.75}
        connectionRadius={36}
        onlyRenderVisibleElements
        elevateEdgesOnSelect={false}
        proOptions={{ hideAttribution: true }}
        ariaLabelConfig={{
          'node.a11yDescription.default': t('builder.aria.node'),
          'node.a11yDescription.keyboardDisabled': t('builder.aria.node'),
          'edge.a11yDescription.default': t('builder.aria.edge'),
          'node.a11yDescription.ariaLiveMessage': ({ x, y }) => t('builder.aria.moved', { x: Math.round(x), y: Math.round(y) }),
          'minimap.ariaLabel': t('builder.minimap'),
        }}
      >
        <Background variant={BackgroundVariant.Dots} gap={24} size={1.4} />
        {begun && (
          <MiniMap
            pannable
            zoomable
            nodeClassName={(node) => `b-mini-${node.type === 'note' ? 'note' : ((node as StepNode).data.type?.family ?? 'ends')}`}
            nodeBorderRadius={12}
            className="b-minimap"
            style={MINIMAP}
          />
        )}
        <Lanes lanes={lanes} />
        <Guides guides={guides} />
        <Suspense>
          {finding && <Find light={light} close={found} />}
          {showing?.trace?.length ? <Counterexample key={`${showing.code}/${showing.nodes.join()}`} problem={showing} /> : null}
        </Suspense>
        <Toolbar view={view} see={setView} seen={doc} boxing={boxing} box={setBoxing} find={find} />
      </ReactFlow>
      </WithFound>
    </WithLabelLayer>
  );
}

/** A click on a problem, or a step just added: go there, if it is not to be seen. */
function useLook(doc: WorkflowDoc): void {
  const shown = useRef(doc);
  shown.current = doc;
  const look = useOpen((open) => open.look);
  const { setCenter, getViewport } = useReactFlow();
  const flow = useStoreApi();
  useEffect(() => {
    if (!look) return;
    const draft = shown.current;
    const edge = look.place.group === 'edges' ? draft.edges.find((one) => one.uid === look.place.uid) : undefined;
    const points = (edge ? [edge.source, edge.target] : [look.place.uid]).map((uid) => pointOf(draft, uid));
    const { width, height } = flow.getState();
    const { x, y, zoom } = getViewport();
    const isSeen = points.every(
      (point) => inside(point.x * zoom + x, CARD.width * zoom, width) && inside(point.y * zoom + y, CARD.height * zoom, height),
    );
    if (isSeen && zoom >= READABLE) return;
    const middle = (axis: 'x' | 'y') => points.reduce((sum, point) => sum + point[axis], 0) / points.length;
    void setCenter(middle('x') + CARD.width / 2, middle('y') + CARD.height / 2, { zoom: Math.max(zoom, 0.8), duration: moving(150) });
  }, [look, setCenter, getViewport, flow]);
}

function inside(from: number, length: number, room: number): boolean {
  return from >= 0 && from + length <= room;
}
