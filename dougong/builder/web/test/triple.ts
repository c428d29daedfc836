/** Do, undo, redo: an edit leaves its document alone, undo brings the very same back, redo the very edited one. */
import { expect } from 'vitest';

import { History } from '../src/core/history';
import { same } from '../src/core/same';

/** Answers the edited document. */
export function triple<D>(doc: D, edit: (doc: D) => D): D {
  const before = structuredClone(doc);
  const history = new History(doc);
  history.change(edit(doc));
  const edited = history.present;
  expect(same(doc, before), 'the edit changes the document that it was given').toBe(true);
  expect(edited, 'the edit does nothing').not.toBe(doc);
  history.undo();
  expect(history.present).toBe(doc);
  history.redo();
  expect(history.present).toBe(edited);
  return edited;
}

/** An edit that finds nothing to do answers the same document: no step back is made of it. */
export function idle<D>(doc: D, edit: (doc: D) => D): void {
  expect(edit(doc)).toBe(doc);
}
