/** What names an element that is to be deleted. */
import { expect, test } from 'vitest';

import type { Doc, WorkflowDoc } from '../src/core/types';
import { lostWith } from '../src/core/uses';
import { ENTITY, FORM } from './form/a-form';

const field = (uid: string) => [{ group: 'fields', uid }];
const lost = (doc: Doc, places: { group: string; uid: string }[], around: Doc[] = []) => lostWith(doc, places, around).map(({ id, path }) => `${id} ${path}`);
const flow = (config: object) => ({ uid: 'w', kind: 'workflow', form: 'repair', nodes: [{ uid: 'n', type: 'user_task', config }], edges: [] }) as unknown as Doc;

test('conditions, formulas and settings of the same document', () => {
  expect(lost(FORM, field('phone'))).toEqual(['fields/customer config/fill', 'sections/what visible_when', 'fields/where visible_when']);
  expect(lost(FORM, field('hours'))).toEqual(['fields/price config/formula']);
  expect(lost(ENTITY, field('phone'))).toEqual([' unique_field', ' list_fields']);
});

test('the parts of a serial number', () => {
  const number = { uid: 'no', key: 'no', type: 'serial', title: { en: 'No.' }, config: { parts: [{ uid: 'p', part: 'field', field: 'phone' }] } };
  const doc = { ...FORM, sections: [...FORM.sections, { uid: 'more', fields: [number] }] } as Doc;
  expect(lost(doc, field('phone'))).toContain('fields/no/config/parts/p field');
});

test('not what goes along', () => {
  expect(lost(FORM, [...field('hours'), ...field('price')])).toEqual([]);
  expect(lost(FORM, [{ group: 'sections', uid: 'what' }])).toEqual([]);
});

test('rights and texts of the workflows that show the form', () => {
  expect(lost(FORM, field('fault'), [flow({ rights: { fault: 'write' } })])).toEqual(['fields/where visible_when', 'nodes/n config/rights/fault']);
  expect(lost(FORM, field('price'), [flow({ text: { en: 'About {price}' } })])).toEqual(['nodes/n config/text/en']);
  expect(lost(FORM, field('price'), [flow({ rights: { other: 'write' } })])).toEqual([]);
  expect(lost({ ...FORM, key: 'another' }, field('price'), [flow({ rights: { price: 'write' } })])).toEqual([]);
});

test('a step that another names; not the ways to it, nor a type that is called so', () => {
  const doc = {
    uid: 'w', kind: 'workflow', key: 'w', format: 1, title: {},
    nodes: [{ uid: 'start', type: 'start', title: {} }, { uid: 'a', type: 'user_task', title: {} }, { uid: 'b', type: 'user_task', title: {}, config: { who: { by: 'handler', node: 'a' } } }],
    edges: [{ uid: 'e1', source: 'start', target: 'a' }, { uid: 'e2', source: 'a', target: 'b' }],
  } as WorkflowDoc;
  expect(lost(doc, [{ group: 'nodes', uid: 'a' }])).toEqual(['nodes/b config/who']);
  expect(lost(doc, [{ group: 'nodes', uid: 'start' }])).toEqual([]);
  expect(lost(doc, [{ group: 'edges', uid: 'e1' }])).toEqual([]);
});

test('a column of a decision table: its cells, its formulas, and the steps that ask the table', () => {
  const column = (uid: string, type = 'number') => ({ uid, key: `${uid}_key`, type, title: {} });
  const table = {
    uid: 't', kind: 'table', key: 'fees', format: 1, title: {}, policy: 'first', inputs: [column('a'), column('b')], outputs: [column('fee')],
    rules: [{ uid: 'r', when: { b: [{ operator: 'equals', value: '1' }] }, then: { fee: { formula: 'a_key * 2' } } }],
  } as unknown as Doc;
  const step = flow({ table: 'fees', inputs: { a_key: 'phone' }, outputs: { fee_key: 'price' } });
  expect(lost(table, [{ group: 'inputs', uid: 'a' }], [step])).toEqual(['rules/r then/fee', 'nodes/n config/inputs']);
  expect(lost(table, [{ group: 'inputs', uid: 'b' }], [step])).toEqual(['rules/r when/b']);
  expect(lost(table, [{ group: 'outputs', uid: 'fee' }], [step])).toEqual(['nodes/n config/outputs', 'rules/r then/fee']);
  expect(lost(table, [{ group: 'rules', uid: 'r' }], [step])).toEqual([]);
});

test('a column and a dimension of a settlement: where lines are told apart by it, looked up from it, and filled into it', () => {
  const settlement = {
    uid: 's', kind: 'settlement', key: 'fees', format: 1, title: {}, inputs: [{ uid: 'i', key: 'dealer', type: 'record', title: {} }, { uid: 'j', key: 'grade', type: 'text', title: {}, from: { input: 'dealer', field: 'grade' } }],
    line: { dimensions: [{ uid: 'd', input: 'grade' }], rules: [{ uid: 'r', title: {}, when: { d: { in: ['A'] } } }] },
  } as unknown as Doc;
  const step = flow({ settlement: 'fees', inputs: { grade: 'phone' } });
  expect(lost(settlement, [{ group: 'inputs', uid: 'i' }])).toEqual(['inputs/j from']);
  expect(lost(settlement, [{ group: 'inputs', uid: 'j' }], [step])).toEqual(['line/dimensions/d input', 'nodes/n config/inputs']);
  expect(lost(settlement, [{ group: 'dimensions', uid: 'd' }])).toEqual(['line/rules/r when/d']);
});

test('a column of a subform: named with its table from outside, without it beside', () => {
  const columns = [{ uid: 'q', key: 'quantity', type: 'number', title: {} }, { uid: 'a', key: 'amount', type: 'computed', title: {}, config: { formula: 'quantity * 2' } }];
  const fields = [{ uid: 'items', key: 'items', type: 'table', title: {}, config: { columns } }, { uid: 'sum', key: 'sum', type: 'computed', title: {}, config: { formula: 'SUM(items.quantity) + 1' } }, { uid: 'quantity', key: 'quantity', type: 'number', title: {} }, { uid: 'twice', key: 'twice', type: 'computed', title: {}, config: { formula: 'quantity * 2' } }];
  const doc = { ...FORM, sections: [{ uid: 's', title: {}, fields }] } as unknown as Doc;
  expect(lost(doc, [{ group: 'columns', uid: 'q' }])).toEqual(['fields/sum config/formula', 'fields/items/config/columns/a config/formula']);
});
