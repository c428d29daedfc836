/** What a workflow can be drawn with, by family. Drag it onto the canvas or a way, or press Enter. */
import { useReactFlow, useStoreApi } from '@xyflow/react';
import { useRef, useState } from 'react';
import { createPortal } from 'react-dom';

import { pick, t } from '../../core/i18n';
import type { Family, NodeType, WorkflowDoc } from '../../core/types';
import { useDocument, useLibrary, useOpen } from '../context';
import { Icon } from '../parts/Icon';
import { Tip } from '../parts/Tip';
import { addAfter, addNode, CARD, edgeOf, freePoint, insertOnEdge, newNode, pointOf } from './edits';
import { usePaletteDrag, type Drop } from './drag';

const FAMILIES: Family[] = ['people', 'routing', 'time', 'work', 'ends'];

export function Palette() {
  const types = useLibrary((found) => found.vocabulary.nodes);
  return FAMILIES.map((family) => {
    const members = types.filter((type) => type.family === family);
    if (!members.length) return null;
    return (
      <section key={family} className="b-family">
        <h2>{t(`builder.family.${family}`)}</h2>
        {members.map((type) => (
          <Item key={type.name} type={type} />
        ))}
      </section>
    );
  });
}

function Item({ type }: { type: NodeType }) {
  const store = useDocument<WorkflowDoc>();
  const types = useLibrary((found) => found.vocabulary.nodes);
  const readOnly = useOpen((open) => open.readOnly);
  const { screenToFlowPosition } = useReactFlow();
  const flow = useStoreApi();
  const ghost = useRef<HTMLDivElement>(null);
  const [dragged, setDragged] = useState(false);
  const taken = type.ways_in[1] === 0 && store.getState().draft.nodes.some((node) => node.type === type.name);

  const goesBetween = type.ways_in[1] !== 0 && type.ways_out[1] !== 0;

  /** What was dropped stands where it was dropped; only what was added without a place is gone to. */
  const put = (edit: (doc: WorkflowDoc, node: ReturnType<typeof newNode>) => WorkflowDoc, dropped = false) => {
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
    const box = flow.getState().domNode?.getBoundingClientRect();
    const middle = screenToFlowPosition({ x: (box?.x ?? 0) + (box?.width ?? 0) / 2, y: (box?.y ?? 0) + (box?.height ?? 0) / 2 });
    put((doc, node) => addNode(doc, node, freePoint(doc, { x: middle.x - CARD.width / 2, y: middle.y - CARD.height / 2 })));
  };

  const drop = ({ x, y, edge }: Drop) => {
    const middle = screenToFlowPosition({ x, y });
    const at = { x: middle.x - CARD.width / 2, y: middle.y - CARD.height / 2 };
    put((doc, node) => (edge && goesBetween ? insertOnEdge(doc, edge, node, at) : addNode(doc, node, freePoint(doc, at))), true);
  };

  const handlers = usePaletteDrag({ ghost, started: () => setDragged(true), ended: () => setDragged(false), drop, clicked: add });
  return (
    <>
      <Tip words={pick(type.help)} side="right">
        <button type="button" className="b-palette-item" data-family={type.family} data-type={type.name} disabled={readOnly || taken} {...handlers}>
          <span className="b-step-icon">
            <Icon name={type.icon} size={16} />
          </span>
          {pick(type.title)}
        </button>
      </Tip>
      {dragged &&
        createPortal(
          <div ref={ghost} className="b-step b-ghost" data-family={type.family}>
            <span className="b-step-icon">
              <Icon name={type.icon} size={18} />
            </span>
            <span className="b-step-words">
              <strong>{pick(type.title)}</strong>
            </span>
          </div>,
          document.body,
        )}
    </>
  );
}
