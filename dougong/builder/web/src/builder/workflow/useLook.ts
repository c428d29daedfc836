/** A click on a problem, a step that was found or just added, with its branches: go there, if it is not to be seen; what is folded over it unfolds. */
import { useReactFlow, useStoreApi } from '@xyflow/react';
import { useEffect, useRef } from 'react';

import type { WorkflowDoc } from '../../core/types';
import { useDocument, useOpen } from '../context';
import { blockOf } from './blocks';
import { CARD, edgeOf, pointOf } from './edits';
import { useBlocks } from './useBlocks';
import { framed, moving, READABLE } from './view';

export function useLook(doc: WorkflowDoc): void {
  const store = useDocument<WorkflowDoc>();
  const { blocks, expand } = useBlocks();
  const look = useOpen((open) => open.look);
  const { setCenter, getViewport } = useReactFlow();
  const flow = useStoreApi();
  const looked = useRef(0);
  useEffect(() => {
    if (!look?.place.uid || looked.current === look.at) return;
    const { place: { group, uid }, along } = look;
    const drawn = group === 'edges' ? edgeOf(doc, uid) : undefined;
    const hidden = drawn ? undefined : blockOf(blocks, group === 'edges' ? (edgeOf(store.getState().draft, uid)?.source ?? '') : uid);
    if (hidden?.includes(uid) || (hidden && group === 'edges')) return expand(hidden); // and then again, with what is drawn then
    looked.current = look.at;
    const points = (drawn ? [drawn.source, drawn.target] : [uid, ...along]).map((one) => pointOf(doc, one));
    const { width, height } = flow.getState();
    const { x, y, zoom } = getViewport();
    const isSeen = points.every(
      (point) => inside(point.x * zoom + x, CARD.width * zoom, width) && inside(point.y * zoom + y, CARD.height * zoom, height),
    );
    if (isSeen && zoom >= READABLE) return;
    const centre = framed(points, { width, height }, Math.max(zoom, 0.8));
    void setCenter(centre.x, centre.y, { zoom: centre.zoom, duration: moving(150) });
  }, [look, doc, blocks, expand, store, setCenter, getViewport, flow]);
}

function inside(from: number, length: number, room: number): boolean {
  return from >= 0 && from + length <= room;
}
