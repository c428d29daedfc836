import Ajv from 'ajv/dist/2020';
import { expect, test } from 'vitest';

import common from '../../../../schemas/common.json';
import schema from '../../../../schemas/table.json';
import { addColumn, duplicateRules, insertRules, moveColumn, moveRule, newColumn, newRule, nudgeColumn, nudgeRule, removeColumn, removeRules, renameColumn, renameOption, retypeColumn, setCell, setColumn, setColumnConfig, setNote, setOut, setPolicy, switchDefault } from '../../src/builder/table/edits';
import type { Table } from '../../src/builder/table/types';
import { idle, triple } from '../triple';
import { DISPATCH, fieldType } from './a-table';

const judge = new Ajv({ strict: false, schemas: [common] }).compile(schema);
const edited = (doc: Table, edit: (doc: Table) => Table) => {
  const next = triple(doc, edit);
  expect(judge(next), JSON.stringify(judge.errors)).toBe(true);
  return next;
};
const uids = (rows: readonly { uid: string }[]) => rows.map((row) => row.uid).join(' ');

test('columns are added, moved within their side, and removed with what stands in them', () => {
  const more = edited(DISPATCH, (doc) => addColumn(doc, 'inputs', newColumn(doc, 'inputs', fieldType('choice', { config: { required: ['options'] } }))));
  expect(more.inputs.at(-1)).toMatchObject({ key: 'choice_1', required: true });
  expect(uids(edited(DISPATCH, (doc) => moveColumn(doc, 'note', 'line')).inputs)).toBe('note line amount');
  expect(uids(edited(DISPATCH, (doc) => moveColumn(doc, 'line', 'fee')).inputs)).toBe('amount note line');
  expect(uids(edited(DISPATCH, (doc) => moveColumn(doc, 'fee', 'amount')).outputs)).toBe('fee team');
  expect(uids(edited(DISPATCH, (doc) => nudgeColumn(doc, 'fee', -1)).outputs)).toBe('fee team');
  idle(DISPATCH, (doc) => nudgeColumn(doc, 'line', -1));
  const less = edited(DISPATCH, (doc) => removeColumn(doc, 'fee'));
  expect(less.rules.map((rule) => Object.keys(rule.then))).toEqual([['team'], []]);
  expect(less.default).toEqual({});
  idle(less, (doc) => removeColumn(doc, 'team'));
  expect(edited(DISPATCH, (doc) => removeColumn(doc, 'amount')).rules[0]?.when).not.toHaveProperty('amount');
});

test('another type clears the cells, another key is carried to formulas and cells', () => {
  const retyped = edited(DISPATCH, (doc) => retypeColumn(doc, 'line', fieldType('text')));
  expect(retyped.rules[0]?.when).not.toHaveProperty('line');
  expect(retyped.inputs[0]).not.toHaveProperty('config');
  expect(edited(DISPATCH, (doc) => renameColumn(doc, 'amount', 'price')).rules[1]?.then['fee']).toEqual({ formula: 'price * 0.1' });
  const renamed = edited(DISPATCH, (doc) => renameOption(doc, 'line', 'o_aircon', 'ac'));
  expect(renamed.rules[0]?.when['line']).toEqual([{ operator: 'one_of', value: ['ac'] }]);
  expect(edited(DISPATCH, (doc) => setColumn(doc, 'line', 'required', undefined)).inputs[0]).not.toHaveProperty('required');
  expect(edited(DISPATCH, (doc) => setColumnConfig(doc, 'amount', 'places', 2)).inputs[1]?.config).toEqual({ places: 2 });
});

test('rules are added, duplicated, moved, removed, and their cells filled and cleared', () => {
  expect(edited(DISPATCH, (doc) => insertRules(doc, [newRule()], 'r1')).rules).toHaveLength(3);
  expect(new Set(edited(DISPATCH, (doc) => duplicateRules(doc, ['r1', 'r2'])).rules.map((rule) => rule.uid)).size).toBe(4);
  expect(uids(edited(DISPATCH, (doc) => moveRule(doc, 'r2', 'r1')).rules)).toBe('r2 r1');
  expect(uids(edited(DISPATCH, (doc) => nudgeRule(doc, 'r1', 1)).rules)).toBe('r2 r1');
  expect(uids(edited(DISPATCH, (doc) => removeRules(doc, ['r1'])).rules)).toBe('r2');
  expect(edited(DISPATCH, (doc) => setCell(doc, 'r1', 'line', [])).rules[0]?.when).not.toHaveProperty('line');
  idle(DISPATCH, (doc) => setCell(doc, 'r2', 'line', undefined));
  expect(edited(DISPATCH, (doc) => setOut(doc, 'default', 'fee', undefined)).default).toEqual({});
  expect(edited(DISPATCH, (doc) => setOut(doc, 'r1', 'fee', { formula: '1' })).rules[0]?.then['fee']).toEqual({ formula: '1' });
  expect(edited(DISPATCH, (doc) => setNote(doc, 'r2', '')).rules[1]).not.toHaveProperty('note');
});

test('how to gather is said only where all hits are gathered', () => {
  const all = edited(DISPATCH, (doc) => setPolicy(doc, 'collect', 'sum'));
  expect(all.collect).toBe('sum');
  expect(edited(all, (doc) => setPolicy(doc, 'unique'))).not.toHaveProperty('collect');
  expect(edited(DISPATCH, (doc) => switchDefault(doc, false))).not.toHaveProperty('default');
  idle(DISPATCH, (doc) => setCell(doc, 'gone', 'line', undefined));
});
