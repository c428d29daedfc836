/** What opens within a table that scrolls (a list of choices, a calendar) floats over it, below its input; scrolling closes it. */
export function floating(what: HTMLElement, under: HTMLElement, close: () => void): void {
  const table = under.closest('.subform-scroll');
  if (!table) return;
  const { left, top, bottom, width } = under.getBoundingClientRect();
  const wide = Math.max(width, 220);
  const below = bottom + 240 < window.innerHeight || top < 240;
  Object.assign(what.style, {
    position: 'fixed',
    inset: below ? `${bottom + 3}px auto auto ${Math.min(left, window.innerWidth - wide - 8)}px` : `auto auto ${window.innerHeight - top + 3}px ${Math.min(left, window.innerWidth - wide - 8)}px`,
    minWidth: `${wide}px`,
    zIndex: '40',
  });
  for (const scroller of [table, window]) scroller.addEventListener('scroll', close, { once: true });
}
