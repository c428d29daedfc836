/** The columns of a table in the form designer. */
import { expect, test } from 'vitest';

import { addColumn, changeColumn, MOST_COLUMNS, retypeColumn, setColumnConfig, startingColumns } from '../../src/builder/form/edits/columns';
import { addField, copyOfField, newField } from '../../src/builder/form/edits/fields';
import { renameColumn, renameField } from '../../src/builder/form/edits/rename';
import { standing } from '../../src/builder/form/edits/tree';
import { columnsOf, seenFromRow, seenInRow, withColumns, type FieldInfo } from '../../src/core/fields';
import type { Column } from '../../src/core/types';
import { namesInFormula } from '../../src/core/uses';
import { triple } from '../triple';
import { FORM, type } from './a-form';

const SUBFORM = type('subform', { kind: 'rows', config: { type: 'object', required: ['columns'], properties: { columns: {} } } });
const CHOICE = type('choice', { kind: 'choice', config: { type: 'object', required: ['options'], properties: { options: {} } } });
const FORMULA = { uid: 'f', key: 'line', type: 'formula', title: { en: 'Line' }, config: { formula: 'quantity * amount' } };
const table = { ...newField(FORM, SUBFORM), uid: 'items', key: 'items' };
const columns = [...columnsOf(table), FORMULA] as Column[];
const sum = { uid: 'sum', key: 'sum', type: 'formula', title: { en: 'Sum' }, config: { formula: 'SUM(items.line) + SUMIF(items.amount, "items.amount", items.amount) + hours' } };
const DOC = addField(addField(FORM, { ...table, config: { columns } }, 'empty'), sum, 'empty');
const formulas = (doc: typeof DOC) => [columnsOf(standing(doc, 'items')!.field).at(-1)?.config?.['formula'], standing(doc, 'sum')?.field.config?.['formula']];

test('a new table has three columns, and its copy three others', () => {
  expect(columnsOf(table).map((one) => one.key)).toEqual(['name', 'quantity', 'amount']);
  const copied = columnsOf(copyOfField(FORM, table));
  expect(copied.map((one) => one.key)).toEqual(['name', 'quantity', 'amount']);
  expect(copied.some((one) => columnsOf(table).some(({ uid }) => uid === one.uid))).toBe(false);
});

test('formulas within and without the table follow another key of a column, or of the table', () => {
  const amount = columns[2]!.uid;
  expect(formulas(triple(DOC, (doc) => renameColumn(doc, 'items', amount, 'price')))).toEqual(['quantity * price', 'SUM(items.line) + SUMIF(items.price, "items.amount", items.price) + hours']);
  expect(formulas(triple(DOC, (doc) => renameField(doc, 'items', 'parts')))).toEqual(['quantity * amount', 'SUM(parts.line) + SUMIF(parts.amount, "items.amount", parts.amount) + hours']);
  expect(namesInFormula('SUM(items.line) + hours')).toEqual(['items', 'items.line', 'hours']);
});

test('a column is added up to a limit, changed, and takes another type with the settings that it knows', () => {
  const many = Array.from({ length: 30 }).reduce<Column[]>((found) => addColumn(found), columns);
  expect([many.length, new Set(many.map((one) => one.key)).size]).toEqual([MOST_COLUMNS, MOST_COLUMNS]);
  const amount = columns[2]!.uid;
  const placed = setColumnConfig(columns, amount, 'places', 2);
  expect(placed[2]?.config).toEqual({ places: 2 });
  expect(setColumnConfig(placed, amount, 'places', undefined)[2]).not.toHaveProperty('config');
  const chosen = retypeColumn(placed, amount, CHOICE)[2]!;
  expect([chosen.type, chosen.total, Object.keys(chosen.config ?? {})]).toEqual(['choice', undefined, ['options']]);
  expect(changeColumn(columns, amount, { total: undefined })[2]).not.toHaveProperty('total');
  expect(startingColumns()).toHaveLength(3);
});

test('formulas may name the columns behind their table', () => {
  const info = { ...table, kind: 'rows', columns: [{ ...table, key: 'amount', kind: 'number', title: { 'zh-Hans': '金额', en: 'Amount' } }], title: { 'zh-Hans': '明细', en: 'Items' } };
  expect(withColumns([info])[1]).toMatchObject({ key: 'items.amount', kind: '[number]', title: { 'zh-Hans': '明细·金额' } });
});

test('a formula of a row names what is around its table, and follows another key of it unless a column is called so', () => {
  const due = { uid: 'd', key: 'due', type: 'formula', title: { en: 'Due' }, config: { formula: 'quantity * hours' } };
  const doc = addField(FORM, { ...table, config: { columns: [...columnsOf(table), due] as Column[] } }, 'empty');
  const said = (found: typeof doc) => columnsOf(standing(found, 'items')!.field).at(-1)?.config?.['formula'];
  expect(said(triple(doc, (found) => renameField(found, 'hours', 'duration')))).toBe('quantity * duration');
  const shadowed = renameColumn(doc, 'items', columnsOf(table)[2]!.uid, 'hours');
  expect(said(triple(shadowed, (found) => renameField(found, 'hours', 'duration')))).toBe('quantity * hours');
  const around = [{ key: 'hours', kind: 'number' }, { key: 'quantity', kind: 'number' }, { key: 'papers', kind: 'files' }] as FieldInfo[];
  const rows = [{ key: 'items', kind: 'rows', title: { en: 'Items' }, columns: [{ key: 'hours', kind: 'text', title: { en: 'Hours' } }] }, ...around] as FieldInfo[];
  expect(seenInRow(rows, 'items').map(({ key, kind, title }) => [key, kind, title?.['en']])).toEqual([['hours', 'text', 'Items·Hours'], ['items', 'rows', 'Items'], ['quantity', 'number', undefined], ['papers', 'files', undefined]]);
  expect(seenInRow(rows, undefined)).toBe(rows);
  expect(seenFromRow(around, columnsOf(table)).map(({ key }) => key)).toEqual(['hours']);
});
