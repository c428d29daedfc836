/** Where the words beside an element stand. */
import { expect, test } from 'vitest';

import { beside } from '../src/builder/parts/beside';

const WINDOW = { width: 400, height: 300 };
const WORDS = { width: 100, height: 40 };
const at = (left: number, top: number) => ({ left, top, width: 20, height: 20 });

test('on the side that is wished for, in its middle', () => {
  expect(beside(at(190, 140), WORDS, 'bottom', WINDOW)).toEqual({ left: 150, top: 166 });
  expect(beside(at(190, 140), WORDS, 'top', WINDOW)).toEqual({ left: 150, top: 94 });
  expect(beside(at(190, 140), WORDS, 'right', WINDOW)).toEqual({ left: 216, top: 130 });
});

test('on the other side where there is no room', () => {
  expect(beside(at(190, 270), WORDS, 'bottom', WINDOW)).toEqual({ left: 150, top: 224 });
  expect(beside(at(350, 140), WORDS, 'right', WINDOW)).toEqual({ left: 244, top: 130 });
});

test('never beyond the window', () => {
  expect(beside(at(0, 0), WORDS, 'bottom', WINDOW).left).toBe(8);
  expect(beside(at(380, 0), WORDS, 'bottom', WINDOW).left).toBe(292);
});
