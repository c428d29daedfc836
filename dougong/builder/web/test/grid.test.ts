import { expect, test } from 'vitest';

import { ROW_HEIGHT, spanOf } from '../src/builder/grid/useWindow';
import { fillPlan, next, pastePlan, rangeOf, step, untitled } from '../src/builder/grid/grid';

const SHAPE = { rows: ['r1', 'r2', 'r3'], cols: ['a', 'b', 'c'] };
const cell = (row: string, col: string) => ({ row, col });

test.each([
  ['ArrowDown', false, 'r3', 'b'], ['ArrowUp', true, 'r1', 'b'], ['ArrowRight', true, 'r2', 'c'], ['ArrowLeft', false, 'r2', 'a'],
  ['Home', false, 'r2', 'a'], ['End', true, 'r3', 'c'], ['PageDown', false, 'r3', 'b'],
])('%s (far: %s) leads to %s %s', (key, far, row, col) => expect(step(SHAPE, cell('r2', 'b'), key, far)).toEqual(cell(row, col)));

test('keys stop at the edge, Tab goes on in the next row', () => {
  expect(step(SHAPE, cell('r1', 'a'), 'ArrowUp', false)).toEqual(cell('r1', 'a'));
  expect(step(SHAPE, cell('r1', 'a'), 'x', false)).toBeNull();
  expect(next(SHAPE, cell('r1', 'c'), 1)).toEqual(cell('r2', 'a'));
  expect(next(SHAPE, cell('r2', 'a'), -1)).toEqual(cell('r1', 'c'));
  expect(next(SHAPE, cell('r3', 'c'), 1)).toBeNull();
});

test('a range goes from corner to corner, whichever comes first', () => {
  expect(rangeOf(SHAPE, cell('r3', 'b'), cell('r2', 'c'))).toEqual({ rows: ['r2', 'r3'], cols: ['b', 'c'] });
});

test('a table is pasted from the corner on; what is beyond the last column is left out and counted, missing rows are made', () => {
  const plan = pastePlan(SHAPE, { rows: ['r3'], cols: ['b'] }, [['1', '2', '3', ' '], ['4', '5', '6', '7']]);
  expect(plan.written).toEqual([{ row: 'r3', col: 'b', text: '1' }, { row: 'r3', col: 'c', text: '2' }, { row: '+0', col: 'b', text: '4' }, { row: '+0', col: 'c', text: '5' }]);
  expect([plan.missing, plan.beyond]).toEqual([1, 3]);
});

test('one value fills the whole range', () => {
  expect(pastePlan(SHAPE, { rows: ['r1', 'r2'], cols: ['a'] }, [['x']]).written).toEqual([{ row: 'r1', col: 'a', text: 'x' }, { row: 'r2', col: 'a', text: 'x' }]);
});

test('fill down: the first row of a range into the others; a single row takes what is above', () => {
  const text = ({ row, col }: { row: string; col: string }) => `${row}${col}`;
  expect(fillPlan(SHAPE, { rows: ['r1', 'r2', 'r3'], cols: ['a'] }, text)).toEqual([{ row: 'r2', col: 'a', text: 'r1a' }, { row: 'r3', col: 'a', text: 'r1a' }]);
  expect(fillPlan(SHAPE, { rows: ['r2'], cols: ['b', 'c'] }, text)).toEqual([{ row: 'r2', col: 'b', text: 'r1b' }, { row: 'r2', col: 'c', text: 'r1c' }]);
  expect(fillPlan(SHAPE, { rows: ['r1'], cols: ['b'] }, text)).toEqual([]);
});

test('of many rows those around what is in sight are drawn, all of a few', () => {
  expect(spanOf(150, 9999, 300)).toEqual({ from: 0, to: 150 });
  expect(spanOf(2000, 0, 350)).toEqual({ from: 0, to: 70 });
  const middle = spanOf(2000, 1000 * ROW_HEIGHT, 350);
  expect(middle.from).toBeLessThan(1000 - 5);
  expect(middle.to).toBeGreaterThan(1010 + 5);
  expect(middle.to - middle.from).toBeLessThan(150);
  expect(spanOf(2000, 1999 * ROW_HEIGHT, 350).to).toBe(2000);
});

test('headings that a block is copied with are no row of it', () => {
  expect(untitled([['Name ', 'price', ''], ['x', '1', '']], ['Name', 'Price', 'Note'])).toEqual([['x', '1', '']]);
  for (const other of [[['Name', '1'], ['x', '2']], [['Name', 'Price']], [['', ''], ['x', '1']]]) expect(untitled(other, ['Name', 'Price'])).toBe(other);
});
