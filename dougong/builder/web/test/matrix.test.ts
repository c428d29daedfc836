// @vitest-environment jsdom
/** Rights of all steps to all fields, set for one, a row, or a column. */
import { beforeEach, expect, test } from 'vitest';

import { undoing } from '../src/builder/keys';
import { isGiven, readRight, rightOf, setColumn, setRight, stepsWithRights } from '../src/builder/workflow/matrix';
import type { FlowNode, NodeType, WorkflowDoc } from '../src/core/types';
import { triple } from './triple';

const node = (uid: string, type: string, config: object = {}): FlowNode => ({ uid, type, title: {}, config: { ...config } });
const DOC = {
  format: 2, uid: 'w', kind: 'workflow', key: 'w', title: {}, form: 'repair', edges: [],
  nodes: [node('start', 'start'), node('check', 'user_task', { rights: { '*': 'hidden', price: 'write' } }), node('other', 'user_task', { form: 'visit' }), node('decide', 'decide')],
} as unknown as WorkflowDoc;
const asks = { config: { type: 'object', properties: { rights: { 'x-widget': 'rights' } } } };
const TYPES = [{ name: 'start', ...asks }, { name: 'user_task', ...asks }, { name: 'decide', config: { type: 'object', properties: {} } }] as unknown as NodeType[];
const field = (key: string, computed = false) => ({ key, title: key, computed });
const step = (doc: WorkflowDoc, uid: string) => doc.nodes.find((one) => one.uid === uid)!;

beforeEach(() => document.documentElement.setAttribute('lang', 'en'));

test('the columns are the steps that show the form of the ticket', () => {
  expect(stepsWithRights(DOC, TYPES).map((one) => one.uid)).toEqual(['start', 'check']);
});

test('what is not said goes with the other fields, else as is usual; what is computed is read at most', () => {
  expect(rightOf(step(DOC, 'start'), field('price'))).toBe('write');
  expect(rightOf(step(DOC, 'check'), field('price'))).toBe('write');
  expect(rightOf(step(DOC, 'check'), field('price', true))).toBe('read');
  expect(rightOf(step(DOC, 'check'), field('name'))).toBe('hidden');
  expect([isGiven(step(DOC, 'check'), 'price'), isGiven(step(DOC, 'check'), 'name')]).toEqual([true, false]);
});

test('one cell, and back again', () => {
  const next = triple(DOC, (doc) => setRight(doc, 'check', 'name', 'read'));
  expect(step(next, 'check').config).toEqual({ rights: { '*': 'hidden', price: 'write', name: 'read' } });
  expect(step(setRight(next, 'check', 'name', undefined), 'check')).toEqual(step(DOC, 'check'));
  expect(step(setRight(setRight(DOC, 'start', 'name', 'read'), 'start', 'name', undefined), 'start').config).toEqual({});
});

test('a whole column leaves nothing set besides', () => {
  expect(step(triple(DOC, (doc) => setColumn(doc, 'check', 'read')), 'check').config).toEqual({ rights: { '*': 'read' } });
  expect(step(setColumn(DOC, 'check', undefined), 'check').config).toEqual({});
});

test('a right is read by its words in the language of the page, or by its name', () => {
  expect(['Read', ' edit ', 'hidden', 'required', '', 'perhaps'].map(readRight)).toEqual(['read', 'write', 'hidden', 'required', undefined, null]);
});

test('undo and redo are within reach of a dialog that changes the draft', () => {
  const said: string[] = [];
  const verbs = { undo: () => void said.push('undo'), redo: () => void said.push('redo') };
  const press = (key: string, shiftKey = false, ctrlKey = true) => undoing({ key, shiftKey, ctrlKey, metaKey: false }, verbs)?.();
  press('z');
  press('Z', true);
  press('y');
  press('z', false, false);
  press('s');
  expect(said).toEqual(['undo', 'redo', 'redo']);
});
