/** Where a box stands beside another: on the side that is wished for, on the opposite one where there is no room, always within the window. */
export type Side = 'top' | 'right' | 'bottom' | 'left';

interface Size {
  width: number;
  height: number;
}

interface Box extends Size {
  left: number;
  top: number;
}

const GAP = 6;
const MARGIN = 8;
const OPPOSITE: Record<Side, Side> = { top: 'bottom', bottom: 'top', left: 'right', right: 'left' };

export function beside(anchor: Box, size: Size, wished: Side, window: Size): { left: number; top: number } {
  const side = room(anchor, wished, window) >= needed(size, wished) || room(anchor, wished, window) >= room(anchor, OPPOSITE[wished], window) ? wished : OPPOSITE[wished];
  const across = { left: anchor.left + (anchor.width - size.width) / 2, top: anchor.top + (anchor.height - size.height) / 2 };
  const along: Record<Side, Partial<typeof across>> = {
    top: { top: anchor.top - GAP - size.height },
    bottom: { top: anchor.top + anchor.height + GAP },
    left: { left: anchor.left - GAP - size.width },
    right: { left: anchor.left + anchor.width + GAP },
  };
  const { left, top } = { ...across, ...along[side] };
  return { left: within(left, size.width, window.width), top: within(top, size.height, window.height) };
}

function room(anchor: Box, side: Side, window: Size): number {
  return { top: anchor.top, left: anchor.left, bottom: window.height - anchor.top - anchor.height, right: window.width - anchor.left - anchor.width }[side];
}

function needed(size: Size, side: Side): number {
  return (side === 'top' || side === 'bottom' ? size.height : size.width) + GAP + MARGIN;
}

function within(at: number, size: number, all: number): number {
  return Math.round(Math.max(MARGIN, Math.min(at, all - size - MARGIN)));
}
