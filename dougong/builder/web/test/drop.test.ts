import { expect, test } from 'vitest';

import { pull } from '../src/builder/drag/lift';
import { spotIn, zoneAt, type Box } from '../src/core/drop';

const box = (left: number, top: number, width: number, height: number): Box => ({ left, top, right: left + width, bottom: top + height });

// two halves in a row, a whole one below, a half below that
const ZONE = box(0, 0, 400, 200);
const ITEMS = [box(0, 0, 195, 50), box(205, 0, 195, 50), box(0, 60, 400, 50), box(0, 120, 195, 50)];
const at = (x: number, y: number) => spotIn(ZONE, ITEMS, { x, y });

test.each([
  [10, 20, 0, 'left half of the first'],
  [150, 20, 1, 'right half of the first'],
  [250, 20, 1, 'left half of the second'],
  [390, 20, 2, 'right half of the second: at the end of its row'],
  [200, 55, 2, 'between the rows'],
  [200, 70, 2, 'upper half of a whole one'],
  [200, 100, 3, 'lower half of a whole one'],
  [180, 140, 4, 'behind the last'],
  [300, 195, 4, 'below everything'],
])('at %i, %i it falls before item %i: %s', (x, y, index) => expect(at(x, y).index).toBe(index));

test('the mark stands upright between halves and lies between rows', () => {
  const upright = at(150, 20).mark;
  expect(upright.right - upright.left).toBeLessThan(upright.bottom - upright.top);
  const lying = at(200, 70).mark;
  expect(lying.right - lying.left).toBe(400);
  expect(spotIn(ZONE, [], { x: 1, y: 1 })).toEqual({ index: 0, mark: ZONE });
});

test('the innermost zone takes it; none takes it far away', () => {
  const inner = box(50, 50, 100, 100);
  expect(zoneAt([ZONE, inner], { x: 60, y: 60 })).toBe(1);
  expect(zoneAt([ZONE, inner], { x: 10, y: 10 })).toBe(0);
  expect(zoneAt([ZONE, inner], { x: 410, y: 10 })).toBe(0);
  expect(zoneAt([ZONE, inner], { x: 500, y: 10 })).toBe(-1);
  expect(zoneAt([ZONE, box(0, 400, 400, 50)], { x: 10, y: 380 })).toBe(1);
  expect(zoneAt([ZONE], { x: 10, y: 600 })).toBe(-1);
});

test('near an edge it scrolls, the nearer the faster', () => {
  const view = { top: 0, bottom: 400 };
  expect(pull(view, 200)).toBe(0);
  expect(pull(view, 10)).toBeLessThan(pull(view, 50));
  expect(pull(view, 399)).toBeGreaterThan(pull(view, 360));
});
