/** What a workflow can be drawn with, by family. Drag it onto the canvas or a way, or press Enter. */
import { useReactFlow, useStoreApi } from '@xyflow/react';
import { StickyNote } from 'lucide-react';
import { useRef, useState, type ReactNode } from 'react';
import { createPortal } from 'react-dom';

import { pick, t } from '../../core/i18n';
import { isCalled } from '../../core/initials';
import type { Family, FlowNode, NodeType, Point, WorkflowDoc } from '../../core/types';
import { useDocument, useLibrary, useOpen } from '../context';
import { Icon } from '../parts/Icon';
import { SearchBox } from '../parts/SearchBox';
import { Tip } from '../parts/Tip';
import { called } from './called';
import { addAfter, addNode, CARD, edgeOf, freePoint, insertOnEdge, newNode, pointOf } from './edits';
import { usePaletteDrag } from './drag';
import { addNote, newNote } from './notes';

const FAMILIES: Family[] = ['people', 'routing', 'time', 'work', 'ends'];

export function Palette() {
  const types = useLibrary((found) => found.vocabulary.nodes);
  const list = useRef<HTMLDivElement>(null);
  const [wanted, setWanted] = useState('');
  const found = called(types, wanted);
  const isNote = isCalled({ note: t('builder.note') }, wanted);
  const enter = () => list.current?.querySelector<HTMLButtonElement>('.b-palette-item:enabled')?.click();
  return (
    <div ref={list} className="b-types">
      <SearchBox label={t('builder.palette.search')} value={wanted} onChange={setWanted} enter={enter} />
      {FAMILIES.map((family) => {
        const members = found.filter(({ type }) => type.family === family);
        if (!members.length) return null;
        return (
          <section key={family} className="b-family">
            <h2>{t(`builder.family.${family}`)}</h2>
            {members.map(({ type, by }) => (
              <StepItem key={type.name} type={type} by={by} />
            ))}
          </section>
        );
      })}
      {isNote && (
        <section className="b-family">
          <NoteItem />
        </section>
      )}
      {!isNote && !found.length && <p className="muted small">{t('builder.palette.none')}</p>}
    </div>
  );
}

function StepItem({ type, by }: { type: NodeType; by?: string }) {
  const store = useDocument<WorkflowDoc>();
  const types = useLibrary((found) => found.vocabulary.nodes);
  const middle = useMiddle();
  const taken = type.ways_in[1] === 0 && store.getState().draft.nodes.some((node) => node.type === type.name);
  const goesBetween = type.ways_in[1] !== 0 && type.ways_out[1] !== 0;

  /** What was dropped stands where it was dropped; only what was added without a place is gone to. */
  const put = (edit: (doc: WorkflowDoc, node: FlowNode) => WorkflowDoc, dropped = false) => {
    let uid = '';
    store.verbs.change((doc) => {
      const node = newNode(doc, type);
      uid = node.uid;
      return edit(doc, node);
    });
    const place = { group: 'nodes', uid };
    if (dropped) store.verbs.select([place]);
    else store.verbs.lookAt(place);
  };

  /** Behind the one selected step or into the selected way, else in the middle of what is seen. */
  const add = () => {
    const [way] = store.getState().selection.filter((place) => place.group === 'edges');
    if (way && store.getState().selection.length === 1 && goesBetween)
      return put((doc, node) => insertOnEdge(doc, way.uid, node, pointOf(doc, edgeOf(doc, way.uid)?.target ?? '')));
    const [only, more] = store.getState().selection.filter((place) => place.group === 'nodes');
    if (only && !more) return put((doc, node) => addAfter(doc, only.uid, node, types));
    put((doc, node) => addNode(doc, node, freePoint(doc, middle())));
  };
  const drop = (at: Point, edge: string | undefined) =>
    put((doc, node) => (edge && goesBetween ? insertOnEdge(doc, edge, node, at) : addNode(doc, node, freePoint(doc, at))), true);
  return (
    <Item
      name={type.name}
      family={type.family}
      icon={<Icon name={type.icon} size={16} />}
      title={pick(type.title)}
      by={by}
      help={pick(type.help)}
      disabled={taken}
      add={add}
      drop={drop}
    />
  );
}

function NoteItem() {
  const { verbs } = useDocument<WorkflowDoc>();
  const middle = useMiddle();
  const put = (at: Point) => {
    const note = newNote();
    verbs.change((doc) => addNote(doc, note, freePoint(doc, at)));
    verbs.lookAt({ group: 'notes', uid: note.uid });
  };
  return (
    <Item
      name="note"
      family="note"
      icon={<StickyNote size={16} strokeWidth={1.75} aria-hidden />}
      title={t('builder.note')}
      help={t('builder.note.help')}
      add={() => put(middle())}
      drop={put}
    />
  );
}

/** Where a card stands in the middle of what is seen. */
function useMiddle(): () => Point {
  const { screenToFlowPosition } = useReactFlow();
  const flow = useStoreApi();
  return () => {
    const box = flow.getState().domNode?.getBoundingClientRect();
    return cardAround(screenToFlowPosition({ x: (box?.x ?? 0) + (box?.width ?? 0) / 2, y: (box?.y ?? 0) + (box?.height ?? 0) / 2 }));
  };
}

function cardAround({ x, y }: Point): Point {
  return { x: x - CARD.width / 2, y: y - CARD.height / 2 };
}

interface ItemProps {
  name: string;
  family: Family | 'note';
  icon: ReactNode;
  title: string;
  /** The other name that it was found by. */
  by?: string;
  help: string;
  disabled?: boolean;
  add(): void;
  drop(at: Point, edge: string | undefined): void;
}

function Item({ name, family, icon, title, by, help, disabled, add, drop }: ItemProps) {
  const readOnly = useOpen((open) => open.readOnly);
  const { screenToFlowPosition } = useReactFlow();
  const ghost = useRef<HTMLDivElement>(null);
  const [dragged, setDragged] = useState(false);
  const handlers = usePaletteDrag({
    ghost,
    started: () => setDragged(true),
    ended: () => setDragged(false),
    drop: ({ edge, ...screen }) => drop(cardAround(screenToFlowPosition(screen)), edge),
    clicked: add,
  });
  return (
    <>
      <Tip words={help} side="right">
        <button type="button" className="b-palette-item" data-family={family} data-type={name} disabled={readOnly || disabled} {...handlers}>
          <span className="b-step-icon">{icon}</span>
          {title}
          {by && <span className="muted small">{by}</span>}
        </button>
      </Tip>
      {dragged &&
        createPortal(
          <div ref={ghost} className="b-step b-ghost" data-family={family}>
            <span className="b-step-icon">{icon}</span>
            <span className="b-step-words">
              <strong>{title}</strong>
            </span>
          </div>,
          document.body,
        )}
    </>
  );
}
