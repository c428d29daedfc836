/** Do, undo, redo: an edit leaves its document alone, undo brings the very same back, redo the very edited one; and the server would take it. */
import Ajv from 'ajv/dist/2020';
import { expect } from 'vitest';

import common from '../../../schemas/common.json';
import calendar from '../../../schemas/calendar.json';
import entity from '../../../schemas/entity.json';
import form from '../../../schemas/form.json';
import settlement from '../../../schemas/settlement.json';
import table from '../../../schemas/table.json';
import { History } from '../src/core/history';
import { same } from '../src/core/same';

const ajv = new Ajv({ strict: false, schemas: [common] });
const SCHEMAS = Object.fromEntries(Object.entries({ calendar, form, entity, settlement, table }).map(([kind, schema]) => [kind, ajv.compile(schema)]));

/** A whole document must be what the server takes; of a part of one nothing is known. */
export function expectTaken(doc: unknown): void {
  const validate = SCHEMAS[(doc as { kind?: string }).kind ?? ''];
  if (!validate) return;
  validate(JSON.parse(JSON.stringify(doc)));
  expect(validate.errors).toBeNull();
}

/** Back to the first of these documents, and on to the last again: each is the very same. */
export function backAndOn<D>(history: History<D>, seen: readonly D[]): void {
  for (const doc of seen.toReversed()) {
    expect(history.present).toBe(doc);
    history.undo();
  }
  for (const doc of seen) {
    expect(history.present).toBe(doc);
    history.redo();
  }
}

/** Answers the edited document. */
export function triple<D>(doc: D, edit: (doc: D) => D): D {
  const before = structuredClone(doc);
  const history = new History(doc);
  history.change(edit(doc));
  const edited = history.present;
  expect(same(doc, before), 'the edit changes the document that it was given').toBe(true);
  expect(edited, 'the edit does nothing').not.toBe(doc);
  expectTaken(edited);
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
