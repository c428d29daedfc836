/** Guides: what is dragged is pulled onto the line of another, by the nearest of beginning, middle and end. */
import { expect, test } from 'vitest';

import { guided, type Box } from '../src/builder/workflow/guides';

const box = (x: number, y: number, width = 200, height = 60): Box => ({ x, y, width, height });

test('the last bit is made for it, and the line is shown over both', () => {
  expect(guided(box(103, 200), [box(100, 0)], 1)).toEqual({ by: { x: -3, y: 0 }, guides: [{ axis: 'x', at: 100, from: 0, to: 260 }] });
});

test('further away nothing pulls; from afar, what is near on the screen is', () => {
  expect(guided(box(110, 200), [box(100, 0)], 1).by).toEqual({ x: 0, y: 0 });
  expect(guided(box(110, 200), [box(100, 0)], 0.5).by).toEqual({ x: -10, y: 0 });
});

test('middles and ends of boxes of other sizes', () => {
  expect(guided(box(152, 300, 100), [box(100, 0)], 1)).toMatchObject({ by: { x: -2 }, guides: [{ at: 200 }] });
  expect(guided(box(203, 300, 100), [box(100, 0)], 1)).toMatchObject({ by: { x: -3 }, guides: [{ at: 300 }] });
});

test('of several as near, the line is drawn to the nearest', () => {
  const { guides } = guided(box(0, 301), [box(700, 300), box(400, 300)], 1);
  expect(guides).toEqual([{ axis: 'y', at: 300, from: 0, to: 600 }]);
});
