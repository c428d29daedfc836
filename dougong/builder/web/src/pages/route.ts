/** The drawing of a route is wider than its place: show the step where the ticket stands, or has ended. */
export function routes(within: Document | HTMLElement): void {
  for (const box of within.querySelectorAll<HTMLElement>('.route-scroll')) {
    const stands = box.querySelectorAll<SVGGraphicsElement>('.route-node.current rect, .route-node.failed rect');
    const here = stands[0] ?? [...box.querySelectorAll<SVGGraphicsElement>('.route-node.done rect')].at(-1);
    if (!here) continue;
    const place = here.getBoundingClientRect();
    const frame = box.getBoundingClientRect();
    box.scrollLeft += place.left - frame.left - (frame.width - place.width) / 2;
    box.scrollTop += place.top - frame.top - (frame.height - place.height) / 2;
  }
}
