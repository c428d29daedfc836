/** Dragging with mouse, pen or finger by pointer events: what is lifted, where it would fall, and letting go. The lists redraw only when it has fallen. */
import { createStore } from 'zustand/vanilla';

import { spotIn, zoneAt, type At, type Box } from '../../core/drop';

/** Where it falls: into which zone, before which of its items; at the end where `before` is not said. */
export interface Fall {
  zone: string;
  before: string | undefined;
}

export interface Lift {
  /** Zones of this kind take it (`data-zone`, with `data-zone-id`; their items carry `data-item`). */
  what: string;
  label: string;
  /** The item that is moved; without it something new is added. */
  item?: HTMLElement | null;
  drop(fall: Fall): void;
}

export interface Lifted {
  label: string;
  at: At;
  /** Null where it cannot fall. */
  mark: Box | null;
  empty: boolean;
}

/** What is in the air, for the layer that draws it. */
export const lifted = createStore<{ now: Lifted | null }>(() => ({ now: null }));

const FAR_ENOUGH = 5;
const EDGE = 56;
const FASTEST = 18;

/** To be called on pointerdown. It is a drag once the pointer has moved a little; until then it may still become a click. */
export function lift(event: PointerEvent, thing: Lift): void {
  if (event.button !== 0) return;
  const start = { x: event.clientX, y: event.clientY };
  const holder = event.target as Element;
  let at = start;
  let fall: Fall | null = null;
  let frame = 0;
  let moving = false;

  function begin(): void {
    moving = true;
    holder.setPointerCapture?.(event.pointerId);
    getSelection()?.removeAllRanges();
    document.documentElement.dataset['dragging'] = 'true';
    thing.item?.setAttribute('data-lifted', 'true');
    frame = requestAnimationFrame(scroll);
  }

  function move(next: PointerEvent): void {
    if (next.pointerId !== event.pointerId) return;
    at = { x: next.clientX, y: next.clientY };
    if (!moving && Math.hypot(at.x - start.x, at.y - start.y) >= FAR_ENOUGH) begin();
    if (!moving) return;
    next.preventDefault();
    aim();
  }

  function aim(): void {
    const found = look(thing.what, at);
    fall = found?.fall ?? null;
    lifted.setState({ now: { label: thing.label, at, mark: found?.mark ?? null, empty: found?.empty ?? false } });
  }

  function scroll(): void {
    const under = document.elementFromPoint(at.x, at.y)?.closest<HTMLElement>(SCROLLERS);
    const by = under ? pull(under.getBoundingClientRect(), at.y) : 0;
    if (under && by) {
      under.scrollBy(0, by);
      aim();
    }
    frame = requestAnimationFrame(scroll);
  }

  function up(next: PointerEvent): void {
    if (next.pointerId !== event.pointerId) return;
    const falls = moving ? fall : null;
    finish();
    if (falls) thing.drop(falls);
  }

  function cancel(next: Event): void {
    if (next instanceof PointerEvent && next.pointerId !== event.pointerId) return;
    finish();
  }

  function escape(key: KeyboardEvent): void {
    if (key.key !== 'Escape' || !moving) return;
    key.preventDefault();
    key.stopPropagation();
    finish();
  }

  function finish(): void {
    cancelAnimationFrame(frame);
    for (const [name, listener, options] of LISTENERS) window.removeEventListener(name, listener as EventListener, options);
    if (!moving) return;
    moving = false;
    thing.item?.removeAttribute('data-lifted');
    delete document.documentElement.dataset['dragging'];
    lifted.setState({ now: null });
    swallowClick();
  }

  const LISTENERS = [
    ['pointermove', move, { passive: false }],
    ['pointerup', up, {}],
    ['pointercancel', cancel, {}],
    ['blur', cancel, {}],
    ['keydown', escape, { capture: true }],
  ] as [string, unknown, AddEventListenerOptions][];
  for (const [name, listener, options] of LISTENERS) window.addEventListener(name, listener as EventListener, options);
}

/** The click that follows a drag is none. */
function swallowClick(): void {
  const swallow = (click: Event) => {
    click.stopPropagation();
    click.preventDefault();
  };
  window.addEventListener('click', swallow, { capture: true, once: true });
  setTimeout(() => window.removeEventListener('click', swallow, { capture: true }), 0);
}

/** How many pixels to scroll in this frame: the nearer the edge, the faster. */
export function pull(box: Pick<Box, 'top' | 'bottom'>, y: number): number {
  if (y < box.top + EDGE) return -Math.ceil((FASTEST * Math.min(EDGE, box.top + EDGE - y)) / EDGE);
  if (y > box.bottom - EDGE) return Math.ceil((FASTEST * Math.min(EDGE, y - box.bottom + EDGE)) / EDGE);
  return 0;
}

const SCROLLERS = '.b-canvas, .b-inspector, [data-scrolls]';

/** What has been scrolled away lies under other parts of the window. */
function isInSight(zone: HTMLElement, at: At): boolean {
  const view = zone.closest(SCROLLERS)?.getBoundingClientRect();
  return !view || (at.y >= view.top && at.y <= view.bottom && at.x >= view.left && at.x <= view.right);
}

/** A wide table is only partly in sight: so is its mark. */
function within(mark: Box, scroller: Element | null): Box {
  const view = scroller?.getBoundingClientRect() ?? mark;
  return { left: Math.max(mark.left, view.left), right: Math.min(mark.right, view.right), top: Math.max(mark.top, view.top), bottom: Math.min(mark.bottom, view.bottom) };
}

interface Found {
  fall: Fall;
  mark: Box;
  empty: boolean;
}

function look(what: string, at: At): Found | null {
  const zones = [...document.querySelectorAll<HTMLElement>(`[data-zone="${CSS.escape(what)}"]`)].filter((zone) => isInSight(zone, at));
  const boxes = zones.map((zone) => zone.getBoundingClientRect());
  const index = zoneAt(boxes, at);
  const zone = zones[index];
  const box = boxes[index];
  if (!zone || !box) return null;
  const items = [...zone.querySelectorAll<HTMLElement>('[data-item]')].filter((item) => item.closest('[data-zone]') === zone);
  const spot = spotIn(box, items.map((item) => item.getBoundingClientRect()), at);
  return { fall: { zone: zone.dataset['zoneId'] ?? '', before: items[spot.index]?.dataset['item'] }, mark: within(spot.mark, zone.closest(SCROLLERS)), empty: !items.length };
}
