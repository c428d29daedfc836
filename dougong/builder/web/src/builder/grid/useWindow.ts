/** Of very many rows only those around what is in sight are drawn. Rows are of one height then. */
import { useLayoutEffect, useState, type RefObject } from 'react';

export const ROW_HEIGHT = 35;
const MANY = 150;
const AROUND = 30;

export interface Span {
  from: number;
  to: number;
}

/** All of them where they are few. */
export function spanOf(count: number, top: number, height: number): Span {
  if (count <= MANY) return { from: 0, to: count };
  const first = Math.floor(top / ROW_HEIGHT / AROUND) * AROUND; // in steps, so that not every pixel draws anew
  return { from: Math.max(0, first - AROUND), to: Math.min(count, first + Math.ceil(height / ROW_HEIGHT) + 2 * AROUND) };
}

export function useWindow(scroller: RefObject<HTMLElement | null>, count: number): Span {
  const [span, setSpan] = useState<Span>(() => spanOf(count, 0, 800));
  useLayoutEffect(() => {
    const box = scroller.current;
    if (!box) return;
    const look = () => setSpan((now) => {
      const next = spanOf(count, box.scrollTop, box.clientHeight);
      return next.from === now.from && next.to === now.to ? now : next;
    });
    look();
    box.addEventListener('scroll', look, { passive: true });
    return () => box.removeEventListener('scroll', look);
  }, [scroller, count]);
  return span;
}

/** Brings a row that is not drawn into sight. */
export function scrollTo(box: HTMLElement | null, index: number): void {
  if (box) box.scrollTop = Math.max(0, index * ROW_HEIGHT - box.clientHeight / 2);
}
