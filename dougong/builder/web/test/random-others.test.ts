/** Any edits of a form, a table, a calendar, a settlement, one after another: what the server takes, nothing changed behind our back; undone to the first, redone to the last. */
import { test } from 'vitest';

import * as calendar from '../src/builder/calendar/edits';
import * as fields from '../src/builder/form/edits/fields';
import { allPlaces, copied, duplicatePlaces, pasted, removePlaces } from '../src/builder/form/edits/places';
import * as sections from '../src/builder/form/edits/sections';
import { fieldsOf } from '../src/builder/form/edits/tree';
import * as inputs from '../src/builder/settlement/edits/inputs';
import * as rest from '../src/builder/settlement/edits/rest';
import * as rules from '../src/builder/settlement/edits/rules';
import * as table from '../src/builder/table/edits';
import { History } from '../src/core/history';
import type { Doc, FormDoc } from '../src/core/types';
import { OFFICE } from './calendar/a-calendar';
import { dice } from './dice';
import { FORM, type as formType } from './form/a-form';
import { REBATE } from './settlement/a-settlement';
import { DISPATCH, fieldType } from './table/a-table';
import { backAndOn, expectTaken } from './triple';

type Throw = (sides: number) => number;
const MOST = 40; // elements of a list: enough is enough
const WORDS = ['改', '🧰 tools', 'نص', 'x'.repeat(200)];

function ofForm(doc: FormDoc, roll: Throw): FormDoc {
  const one = <T>(list: readonly T[]): T => list[roll(list.length)] as T;
  const [section, place] = [one(doc.sections), one(allPlaces(doc))];
  const field = one(fieldsOf(doc));
  const full = fieldsOf(doc).length > MOST || doc.sections.length > MOST;
  const type = formType(one(['text', 'number', 'date']));
  const edits: (() => FormDoc)[] = [
    () => (full ? doc : fields.addField(doc, fields.newField(doc, type), section.uid, field?.uid)),
    () => (full ? doc : fields.addAfter(doc, fields.newField(doc, type), place?.uid)),
    () => (full ? doc : sections.addSection(doc, sections.newSection(), section.uid)),
    () => (field ? fields.moveField(doc, field.uid, section.uid, one(fieldsOf(doc))?.uid) : doc),
    () => (field ? fields.nudgeField(doc, field.uid, roll(2) ? 1 : -1) : doc),
    () => (field ? fields.setField(doc, field.uid, 'title', { 'zh-Hans': one(WORDS), en: one(WORDS) }) : doc),
    () => (field ? fields.retypeField(doc, field.uid, type) : doc),
    () => sections.nudgeSection(doc, section.uid, roll(2) ? 1 : -1),
    () => sections.moveSection(doc, section.uid, one(doc.sections).uid),
    () => (place && (place.group === 'fields' || doc.sections.length > 1) ? removePlaces(doc, [place]) : doc),
    () => (full || !place ? doc : duplicatePlaces(doc, [place]).draft),
    () => (full ? doc : (pasted(doc, copied(doc, place ? [place] : []) ?? '')?.draft ?? doc)),
  ];
  return one(edits)();
}

function ofTable(doc: typeof DISPATCH, roll: Throw): typeof DISPATCH {
  const one = <T>(list: readonly T[]): T => list[roll(list.length)] as T;
  const rule = one(doc.rules);
  const column = one([...doc.inputs, ...doc.outputs]);
  const side = one(['inputs', 'outputs'] as const);
  const last = (uid: string) => doc[table.sideOf(doc, uid) ?? 'inputs'].length === 1;
  const type = fieldType(one(['text', 'money', 'choice']));
  const edits: (() => typeof DISPATCH)[] = [
    () => (doc[side].length > 10 ? doc : table.addColumn(doc, side, table.newColumn(doc, side, type))),
    () => (last(column.uid) ? doc : table.removeColumn(doc, column.uid)),
    () => table.nudgeColumn(doc, column.uid, roll(2) ? 1 : -1),
    () => table.moveColumn(doc, column.uid, one(doc[table.sideOf(doc, column.uid) ?? 'inputs']).uid),
    () => table.setColumn(doc, column.uid, 'title', { 'zh-Hans': one(WORDS) }),
    () => table.retypeColumn(doc, column.uid, type),
    () => (doc.rules.length > MOST ? doc : table.insertRules(doc, [table.newRule()], rule?.uid)),
    () => (rule && doc.rules.length < MOST ? table.duplicateRules(doc, [rule.uid]) : doc),
    () => (rule && doc.rules.length > 1 ? table.removeRules(doc, [rule.uid]) : doc),
    () => (rule ? table.moveRule(doc, rule.uid, one(doc.rules).uid) : doc),
    () => (rule ? table.nudgeRule(doc, rule.uid, roll(2) ? 1 : -1) : doc),
    () => (rule ? table.setNote(doc, rule.uid, roll(2) ? one(WORDS) : '') : doc),
    () => (rule ? table.setOut(doc, rule.uid, one(doc.outputs).uid, roll(2) ? { value: '1' } : undefined) : doc),
    () => table.switchDefault(doc, roll(2) === 1),
  ];
  return one(edits)();
}

function ofCalendar(doc: typeof OFFICE, roll: Throw): typeof OFFICE {
  const one = <T>(list: readonly T[]): T => list[roll(list.length)] as T;
  const dates = doc.dates ?? [];
  const [shift, row] = [one(doc.shifts), one(dates)];
  const day = () => `2026-${String(1 + roll(12)).padStart(2, '0')}-${String(1 + roll(28)).padStart(2, '0')}`;
  const edits: (() => typeof OFFICE)[] = [
    () => (doc.shifts.length > 5 ? doc : calendar.addShift(doc)),
    () => (shift && doc.shifts.length > 1 ? calendar.removeShift(doc, shift.uid) : doc),
    () => (shift ? calendar.toggleDay(doc, shift.uid, 1 + roll(7)) : doc),
    () => (dates.length > MOST ? doc : calendar.toggleDate(doc, day())),
    () => (dates.length > MOST ? doc : calendar.addDate(doc, { title: { 'zh-Hans': one(WORDS) }, from: day() })),
    () => (row ? calendar.removeDate(doc, row.uid) : doc),
    () => calendar.imported(doc, [{ title: { en: 'Holiday' }, from: day() }]),
  ];
  return one(edits)();
}

function ofSettlement(doc: typeof REBATE, roll: Throw): typeof REBATE {
  const one = <T>(list: readonly T[]): T => list[roll(list.length)] as T;
  const [input, share] = [one(doc.inputs), one(doc.shares ?? [])];
  const rows = rules.rowsOf(doc, 'statement');
  const row = one(rows);
  const edits: (() => typeof REBATE)[] = [
    () => (doc.inputs.length > 12 ? doc : inputs.addInput(doc, inputs.newInput(doc, fieldType(one(['text', 'money']))), input.uid)),
    () => inputs.nudgeInput(doc, input.uid, roll(2) ? 1 : -1),
    () => inputs.setInput(doc, input.uid, 'title', { 'zh-Hans': one(WORDS) }),
    () => (row && rows.length < MOST ? rules.duplicateRows(doc, 'statement', [row.uid]) : doc),
    () => (row && rows.length > 1 ? rules.removeRows(doc, 'statement', [row.uid]) : doc),
    () => (row ? rules.nudgeRow(doc, 'statement', row.uid, roll(2) ? 1 : -1) : doc),
    () => (row ? rules.moveRow(doc, 'statement', row.uid, one(rows).uid) : doc),
    () => (row ? rules.setTitle(doc, 'statement', row.uid, roll(2) ? { 'zh-Hans': one(WORDS) } : undefined) : doc),
    () => ((doc.shares?.length ?? 0) > 8 ? doc : rest.addShare(doc, { 'zh-Hans': one(WORDS) })),
    () => (share ? rest.removeShares(doc, [share.uid]) : doc),
    () => (share ? rest.nudgeShare(doc, share.uid, roll(2) ? 1 : -1) : doc),
  ];
  return one(edits)();
}

/** Whoever writes into a document that others hold is found out. */
function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(frozen);
  }
  return value;
}

const EDITORS = [['form', FORM, ofForm], ['table', DISPATCH, ofTable], ['calendar', OFFICE, ofCalendar], ['settlement', REBATE, ofSettlement]] as const;
const PLAYS = EDITORS.flatMap(([kind, doc, edit]) => [1, 2, 3, 4, 5].map((seed) => [kind, seed, doc as Doc, edit as unknown as (doc: Doc, roll: Throw) => Doc] as const));

test.each(PLAYS)('two hundred edits of a %s, by the dice of %i', (_kind, seed, first, edit) => {
  const roll = dice(seed);
  const history = new History(frozen(structuredClone(first)), { limit: 1000 });
  const seen = [history.present];
  for (let step = 0; step < 200; step += 1) {
    const after = frozen(edit(history.present, roll));
    if (after !== history.present) seen.push(after);
    history.change(after);
    if (step % 20 === 0) expectTaken(after);
  }
  expectTaken(history.present);
  backAndOn(history, seen);
});
