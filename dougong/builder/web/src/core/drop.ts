/** Where something dragged would fall among the items of a zone, and the mark that shows it. Pure geometry, in pixels. */

export interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

export interface At {
  x: number;
  y: number;
}

/** Before the item of this index; after the last where it is their number. */
export interface Spot {
  index: number;
  mark: Box;
}

const THICK = 3;
const WIDE = 0.75; // an item of at least this part of the zone stands alone in its row

/** Items stand in rows, from left to right and from top to bottom; a wide one has a row for itself. */
export function spotIn(zone: Box, items: readonly Box[], at: At): Spot {
  for (const [index, item] of items.entries()) {
    const wide = isWide(item, zone);
    if (at.y < item.top) return { index, mark: above(item, items[index - 1], zone) };
    if (at.y > item.bottom) continue;
    if (wide ? at.y < middle(item.top, item.bottom) : at.x < middle(item.left, item.right)) {
      return { index, mark: wide ? above(item, items[index - 1], zone) : beside(item.left - THICK - 2, item) };
    }
    const next = items[index + 1];
    const endsRow = !next || next.top >= item.bottom;
    if (!wide && endsRow) return { index: index + 1, mark: beside(item.right + 2, item) };
  }
  const last = items.at(-1);
  return { index: items.length, mark: last ? line(zone, last.bottom + 2) : inner(zone) };
}

const BESIDE = 16;
const BELOW = 240;

/** The zone that is meant: the innermost one around the pointer, else the nearest above or below it. */
export function zoneAt(zones: readonly Box[], at: At): number {
  const found = zones.map((zone, index) => ({ zone, index, away: Math.max(zone.top - at.y, at.y - zone.bottom, 0) }));
  const near = found.filter(({ zone, away }) => away <= BELOW && at.x >= zone.left - BESIDE && at.x <= zone.right + BESIDE);
  near.sort((one, other) => one.away - other.away || area(one.zone) - area(other.zone));
  return near[0]?.index ?? -1;
}

function isWide(item: Box, zone: Box): boolean {
  return item.right - item.left >= (zone.right - zone.left) * WIDE;
}

function above(item: Box, before: Box | undefined, zone: Box): Box {
  const y = before && before.bottom <= item.top ? middle(before.bottom, item.top) : item.top - 2;
  return isWide(item, zone) ? line(zone, y - THICK / 2) : { left: item.left, right: item.right, top: y - THICK / 2, bottom: y + THICK / 2 };
}

function beside(left: number, item: Box): Box {
  return { left, right: left + THICK, top: item.top, bottom: item.bottom };
}

function line(zone: Box, top: number): Box {
  return { left: zone.left, right: zone.right, top, bottom: top + THICK };
}

function inner(zone: Box): Box {
  return { left: zone.left, right: zone.right, top: zone.top, bottom: zone.bottom };
}

function middle(one: number, other: number): number {
  return (one + other) / 2;
}

function area(box: Box): number {
  return (box.right - box.left) * (box.bottom - box.top);
}
