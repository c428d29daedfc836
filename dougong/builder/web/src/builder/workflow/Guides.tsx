/** The lines that dragged boxes stand on, drawn as long as they are dragged; with Alt held nothing pulls. */
import { useStore, useStoreApi, ViewportPortal } from '@xyflow/react';
import { useEffect, useRef, useState } from 'react';

import type { Point, WorkflowDoc } from '../../core/types';
import { useDocument } from '../context';
import { collapsed, type Block } from './blocks';
import { pointOf } from './edits';
import { guided, type Box, type Guide } from './guides';
import { sizeOf } from './notes';

type Points = Record<string, Point>;

export function useGuides(blocks: readonly Block[]): { guides: readonly Guide[]; pulled(points: Points): Points; letGo(): void } {
  const store = useDocument<WorkflowDoc>();
  const flow = useStoreApi();
  const [guides, setGuides] = useState<readonly Guide[]>([]);
  const others = useRef<Box[] | null>(null);
  const isFree = useRef(false);
  useEffect(() => {
    const held = (event: PointerEvent) => {
      isFree.current = event.altKey;
    };
    window.addEventListener('pointermove', held, { capture: true });
    return () => window.removeEventListener('pointermove', held, { capture: true });
  }, []);

  /** Those that stand still, in view: they are looked up once for each drag. */
  const standing = (moving: Points): Box[] => {
    const draft = collapsed(store.getState().draft, blocks);
    const { width, height, transform: [x, y, zoom] } = flow.getState();
    const boxes = [...draft.nodes, ...(draft.notes ?? [])].filter(({ uid }) => !moving[uid]).map(({ uid }) => ({ ...pointOf(draft, uid), ...sizeOf(draft, uid) }));
    return boxes.filter((box) => box.x * zoom + x < width && (box.x + box.width) * zoom + x > 0 && box.y * zoom + y < height && (box.y + box.height) * zoom + y > 0);
  };

  const pulled = (points: Points): Points => {
    if (isFree.current) {
      setGuides([]);
      return points;
    }
    others.current ??= standing(points);
    const { draft } = store.getState();
    const found = guided(around(Object.entries(points).map(([uid, at]) => ({ ...at, ...sizeOf(draft, uid) }))), others.current, flow.getState().transform[2]);
    setGuides(found.guides);
    return Object.fromEntries(Object.entries(points).map(([uid, { x, y }]) => [uid, { x: x + found.by.x, y: y + found.by.y }]));
  };

  const letGo = () => {
    others.current = null;
    setGuides([]);
  };
  return { guides, pulled, letGo };
}

function around(boxes: readonly Box[]): Box {
  const x = Math.min(...boxes.map((box) => box.x));
  const y = Math.min(...boxes.map((box) => box.y));
  return { x, y, width: Math.max(...boxes.map((box) => box.x + box.width)) - x, height: Math.max(...boxes.map((box) => box.y + box.height)) - y };
}

export function Guides({ guides }: { guides: readonly Guide[] }) {
  const thin = useStore((state) => 1 / state.transform[2]);
  return (
    <ViewportPortal>
      {guides.map(({ axis, at, from, to }) => (
        <div
          key={axis}
          className={`b-guide b-along-${axis === 'x' ? 'y' : 'x'}`}
          style={{ transform: axis === 'x' ? `translate(${at}px, ${from - 12}px)` : `translate(${from - 12}px, ${at}px)`, [axis === 'x' ? 'height' : 'width']: to - from + 24, [axis === 'x' ? 'borderLeftWidth' : 'borderTopWidth']: thin }}
        />
      ))}
    </ViewportPortal>
  );
}
