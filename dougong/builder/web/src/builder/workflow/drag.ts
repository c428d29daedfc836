/** Dragging out of the palette by pointer events: mouse, pen and touch alike. */
import { useRef, type PointerEvent, type RefObject } from 'react';

export interface Drop {
  /** On the screen. */
  x: number;
  y: number;
  /** The way it was let go over. */
  edge: string | undefined;
}

interface Ports {
  ghost: RefObject<HTMLElement | null>;
  started(): void;
  ended(): void;
  drop(drop: Drop): void;
  /** Pressed and not moved, or Enter. */
  clicked(): void;
}

const THRESHOLD = 5;
const MARKED = 'b-drop-here';

export function usePaletteDrag({ ghost, started, ended, drop, clicked }: Ports) {
  const from = useRef<{ x: number; y: number } | null>(null);
  const isDrag = useRef(false);

  const finish = () => {
    from.current = null;
    mark(null);
    if (isDrag.current) ended();
  };
  return {
    onPointerDown(event: PointerEvent<HTMLElement>) {
      if (event.button !== 0) return;
      event.currentTarget.setPointerCapture(event.pointerId);
      from.current = { x: event.clientX, y: event.clientY };
      isDrag.current = false;
    },
    onPointerMove({ clientX: x, clientY: y }: PointerEvent<HTMLElement>) {
      if (!from.current) return;
      if (!isDrag.current && Math.hypot(x - from.current.x, y - from.current.y) < THRESHOLD) return;
      if (!isDrag.current) {
        isDrag.current = true;
        started();
      }
      if (ghost.current) ghost.current.style.transform = `translate(${x}px, ${y}px) translate(-50%, -50%)`;
      mark(edgeAt(x, y));
    },
    onPointerUp({ clientX: x, clientY: y }: PointerEvent<HTMLElement>) {
      const wasDrag = from.current !== null && isDrag.current;
      const edge = edgeAt(x, y)?.dataset['id'];
      finish();
      if (wasDrag && canvasAt(x, y)) drop({ x, y, edge });
    },
    onPointerCancel: finish,
    onClick() {
      if (isDrag.current) isDrag.current = false;
      else clicked();
    },
  };
}

function under(x: number, y: number): HTMLElement[] {
  return document.elementsFromPoint(x, y) as HTMLElement[];
}

function canvasAt(x: number, y: number): boolean {
  return under(x, y).some((element) => element.classList.contains('react-flow__pane'));
}

function edgeAt(x: number, y: number): HTMLElement | null {
  for (const element of under(x, y)) {
    const edge = element.closest<HTMLElement>('.react-flow__edge');
    if (edge) return edge;
    const label = element.closest<HTMLElement>('[data-way]');
    if (label) return document.querySelector<HTMLElement>(`.react-flow__edge[data-id="${CSS.escape(label.dataset['way'] ?? '')}"]`);
  }
  return null;
}

function mark(edge: HTMLElement | null): void {
  for (const other of document.querySelectorAll(`.${MARKED}`)) if (other !== edge) other.classList.remove(MARKED);
  edge?.classList.add(MARKED);
}
