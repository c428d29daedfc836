/** Undo and redo, on plain values. */
import { expect, test } from 'vitest';

import { History } from '../src/core/history';

function history(present = 'a') {
  let now = 0;
  const found = new History(present, { clock: () => now, burst: 100, limit: 3 });
  return { found, later: (by: number) => (now += by) };
}

test('do, undo, redo', () => {
  const { found } = history();
  found.change('b');
  found.undo();
  expect([found.present, found.canUndo, found.canRedo]).toEqual(['a', false, true]);
  found.redo();
  expect([found.present, found.canUndo, found.canRedo]).toEqual(['b', true, false]);
});

test('a burst of typing at one place is one step back', () => {
  const { found, later } = history();
  for (const word of ['b', 'bc', 'bcd']) {
    found.change(word, 'title');
    later(50);
  }
  found.undo();
  expect(found.present).toBe('a');
});

test('a pause, or another place, begins a new step', () => {
  const { found, later } = history();
  found.change('b', 'title');
  later(500);
  found.change('c', 'title');
  found.change('d', 'other');
  found.undo();
  expect(found.present).toBe('c');
  found.undo();
  expect(found.present).toBe('b');
});

test('a drag is one step back, however many changes it is made of', () => {
  const { found } = history();
  found.begin();
  found.change('b');
  found.change('c');
  found.end();
  found.undo();
  expect(found.present).toBe('a');
  found.redo();
  expect(found.present).toBe('c');
});

test('a drag that ends where it began is no step', () => {
  const { found } = history();
  found.begin();
  found.change('b');
  found.change('a');
  found.end();
  expect(found.canUndo).toBe(false);
});

test('a drag that is given up leaves nothing behind', () => {
  const { found } = history();
  found.begin();
  found.change('b');
  found.cancel();
  expect([found.present, found.canUndo]).toEqual(['a', false]);
});

test('a change after undo forgets what was undone; no change is no step', () => {
  const { found } = history();
  found.change('b');
  found.undo();
  found.change('c');
  expect(found.canRedo).toBe(false);
  found.change('c');
  found.undo();
  expect(found.present).toBe('a');
});

test('only so many steps are kept', () => {
  const { found } = history();
  for (const word of ['b', 'c', 'd', 'e']) found.change(word);
  for (let index = 0; index < 9; index += 1) found.undo();
  expect(found.present).toBe('b');
});
