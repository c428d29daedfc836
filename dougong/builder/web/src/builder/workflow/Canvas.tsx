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
  type ReactFlowInstance,
} from '@xyflow/react';
import { lazy, Suspense, useCallback, useEffect, useMemo, useRef, useState } from 'react';

import { t, withMore } from '../../core/i18n';
import type { WorkflowDoc } from '../../core/types';
import { useDocument, useDraft, useLibrary, useOpen } from '../context';
import { loadMenus } from './AddMenu';
import { BLOCK, collapsed, standing } from './blocks';
import { GRID } from './edits';
import { Guides } from './Guides';
import { Lanes } from './Lanes';
import { NoteCard } from './NoteCard';
import { drawer, type NoteNode, type StepNode, type WayEdge } from './flow';
import { labelLayer, WithLabelLayer } from './labels';
import { BlockCard } from './BlockCard';
import { StepCard } from './StepCard';
import { moving, show } from './view';
import { Toolbar } from './Toolbar';
import { useBlocks } from './useBlocks';
import { focusDrawn, useCanvasKeys } from './useCanvasKeys';
import { useChanges } from './useChanges';
import { WithFound } from './useIsFound';
import { useLook } from './useLook';
import { useSeen } from './useSeen';
import type { View } from './views';
import { Way } from './Way';

const Find = lazy(() => import('./Find').then((found) => ({ default: found.Find })));
const Counterexample = lazy(() => import('./Counterexample').then((found) => ({ default: found.Counterexample })));
const Walk = lazy(() => withMore(import('./Walk')).then((found) => ({ default: found.Walk })));
const Peek = lazy(() => withMore(import('./Peek')).then((found) => ({ default: found.Peek })));
const NODE_TYPES = { step: StepCard, note: NoteCard, [BLOCK]: BlockCard };
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
  const types = useLibrary((found) => found.vocabulary.nodes);
  const draft = useDraft((found: WorkflowDoc) => found);
  const selection = useOpen((open) => open.selection);
  const readOnly = useOpen((open) => open.readOnly);
  const [walking, setWalking] = useState(false);
  const draw = useMemo(() => drawer(types), [types]);
  const [view, setView] = useState<View>('free');
  const [boxing, setBoxing] = useState(false);
  const [finding, setFinding] = useState(false);
  /** The steps are seen first, then where they stand in the whole. */
  const [begun, setBegun] = useState(false);
  const [lit, light] = useState<ReadonlySet<string>>(NOTHING);
  const showing = useOpen((open) => open.showing);
  const { blocks: folded, peeked } = useBlocks();
  /** Nothing is folded away while tokens are played. */
  const blocks = useMemo(() => (showing ? [] : standing(draft, folded)), [showing, draft, folded]);
  const { doc, lanes } = useSeen(useMemo(() => collapsed(draft, blocks), [draft, blocks]), view);
  const { nodes, edges } = useMemo(() => draw(doc, selection), [draw, doc, selection]);
  const [labels, setLabels] = useState<Element | null>(null);
  const flow = useReactFlow();
  const flowStore = useStoreApi();
  const far = useStore((state) => state.transform[2] < WORDS_FROM);
  const { guides, nodesChanged, edgesChanged, allowed, connected, reconnected } = useChanges(blocks);
  useLook(doc);
  const find = useCallback(() => setFinding(true), []);
  const pressed = useCanvasKeys(find, doc);
  const isFree = view === 'free';

  /** A story is looked at where it is played. */
  const look = useOpen((open) => open.look);
  useEffect(() => {
    if (look?.place.group === 'stories') setWalking(true);
  }, [look]);

  /** What is played is played where things stand. */
  useEffect(() => {
    if (showing) setView('free');
  }, [showing]);

  const found = () => {
    setFinding(false);
    light(NOTHING);
    const [only] = store.getState().selection;
    if (only) focusDrawn(only.uid);
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
    show(flow, doc, flowStore.getState());
    setBegun(true);
  };

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
            nodeClassName={(node) => `b-mini-${node.type !== 'step' ? node.type : ((node as StepNode).data.type?.family ?? 'ends')}`}
            nodeBorderRadius={12}
            className="b-minimap"
            style={MINIMAP}
          />
        )}
        <Lanes lanes={lanes} />
        <Guides guides={guides} />
        <Suspense>
          {finding && <Find light={light} close={found} />}
          {walking && <Walk close={() => setWalking(false)} />}
          {showing?.trace?.length ? <Counterexample key={`${showing.code}/${showing.nodes.join()}`} problem={showing} /> : null}
        </Suspense>
        <Toolbar view={view} see={setView} seen={doc} boxing={boxing} box={setBoxing} find={find} walking={walking} walk={() => setWalking(!walking)} />
      </ReactFlow>
      <Suspense>{peeked && <Peek doc={doc} />}</Suspense>
      </WithFound>
    </WithLabelLayer>
  );
}
