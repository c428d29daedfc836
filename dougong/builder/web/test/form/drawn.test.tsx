/** The form editor, drawn: what is clicked, typed and pressed ends up in the document. */
import { act, cleanup, fireEvent, screen, within } from '@testing-library/react';
import { afterEach, beforeEach, expect, test } from 'vitest';

import { editor } from '../../src/builder/form';
import { editor as entityEditor } from '../../src/builder/form/entity';
import { fieldsOf, standing } from '../../src/builder/form/edits/tree';
import type { FieldType } from '../../src/core/types';
import '../../src/builder/dialogs'; // by now they are loaded
import { drawn } from '../drawn';
import { ENTITY, FORM, type } from './a-form';

const FIELDS: FieldType[] = [
  type('text'), type('phone'), type('number', { kind: 'number' }), type('record', { kind: 'record' }), type('region', { kind: 'region' }), type('formula', { kind: 'number', computed: true }),
  type('choice', { kind: 'choice', config: { type: 'object', required: ['options'], properties: { options: { 'x-title': { en: 'Options' }, 'x-widget': 'options' } } } }),
];
const VOCABULARY = { fields: FIELDS, operators: [{ name: 'equals', title: { en: 'is' }, kinds: ['text', 'choice'], operand: 'one' as const, if_missing: false }] };

beforeEach(() => document.documentElement.setAttribute('lang', 'en'));
afterEach(cleanup);

const card = (uid: string) => document.querySelector<HTMLElement>(`[data-card="${uid}"]`)!;

test('a click on the palette adds behind what is selected, and selects what it added', () => {
  const { store } = drawn(editor, FORM, { vocabulary: VOCABULARY });
  fireEvent.click(card('customer'));
  fireEvent.click(screen.getByRole('button', { name: 'text' }));
  expect(store.getState().draft.sections[0]?.fields.map((field) => field.key)).toEqual(['customer', 'text_1', 'phone']);
  expect(store.getState().selection).toEqual([{ group: 'fields', uid: store.getState().draft.sections[0]?.fields[1]?.uid }]);
});

test('a preset is looked for by its initials and entered by the keyboard', async () => {
  const { store } = drawn(editor, FORM, { vocabulary: VOCABULARY });
  const box = screen.getByRole('searchbox');
  fireEvent.change(box, { target: { value: 'fptt' } });
  await screen.findByRole('button', { name: 'Invoice to' }, { timeout: 5000 });
  fireEvent.keyDown(box, { key: 'Enter' });
  expect(fieldsOf(store.getState().draft).find((field) => field.key === 'invoice_title')).toMatchObject({ type: 'text', title: { 'zh-Hans': '发票抬头' } });
  act(() => store.verbs.undo());
  expect(store.getState().draft).toEqual(FORM);
});

test('a title is written once for the undo', () => {
  const { store } = drawn(editor, FORM, { vocabulary: VOCABULARY });
  fireEvent.click(card('phone'));
  const box = document.querySelector<HTMLInputElement>('.b-inspector input[lang="en"]')!;
  for (const words of ['M', 'Mo', 'Mobile']) fireEvent.change(box, { target: { value: words } });
  expect(standing(store.getState().draft, 'phone')?.field.title['en']).toBe('Mobile');
  act(() => store.verbs.undo());
  expect(standing(store.getState().draft, 'phone')?.field.title['en']).toBe('phone');
});

test('a wrong key is said and not taken, a right one is followed by the conditions', () => {
  const { store } = drawn(editor, FORM, { vocabulary: VOCABULARY });
  fireEvent.click(card('fault'));
  const box = document.querySelector<HTMLInputElement>('.bf-key')!;
  fireEvent.change(box, { target: { value: '1 bad' } });
  expect(box.getAttribute('aria-invalid')).toBe('true');
  fireEvent.blur(box);
  expect(standing(store.getState().draft, 'fault')?.field.key).toBe('fault');
  fireEvent.change(box, { target: { value: 'symptom' } });
  fireEvent.blur(box);
  expect(standing(store.getState().draft, 'where')?.field.visible_when?.rules[0]).toMatchObject({ field: 'symptom' });
});

test('a field that others name is deleted only after it was said who', async () => {
  const { store } = drawn(editor, FORM, { vocabulary: VOCABULARY });
  fireEvent.click(card('hours'));
  fireEvent.keyDown(card('hours'), { key: 'Delete' });
  const dialog = await screen.findByRole('dialog', {}, { timeout: 4000 });
  expect(dialog.textContent).toContain('price');
  expect(fieldsOf(store.getState().draft)).toHaveLength(6);
  fireEvent.click(within(dialog).getByRole('button', { name: 'Delete all the same' }));
  expect(standing(store.getState().draft, 'hours')).toBeUndefined();
});

test('Alt and an arrow moves a field; it keeps its uid', () => {
  const { store } = drawn(editor, FORM, { vocabulary: VOCABULARY });
  fireEvent.keyDown(card('phone'), { key: 'ArrowDown', altKey: true });
  expect(store.getState().draft.sections.map((section) => section.fields.length)).toEqual([1, 5, 0]);
});

test('a problem stands at its field', () => {
  const problem = { code: 'x', params: {}, severity: 'error' as const, nodes: [], edges: [], fields: ['hours'], path: '/sections/1/fields/2/config', message: 'It is wrong.', advice: '' };
  drawn(editor, FORM, { vocabulary: VOCABULARY, problems: [problem] });
  expect(within(card('hours')).getByLabelText('It is wrong.')).toBeTruthy();
  expect(within(card('phone')).queryByLabelText('It is wrong.')).toBeNull();
});

test('an old version can be looked at and not changed', () => {
  drawn(editor, FORM, { vocabulary: VOCABULARY, readOnly: true });
  expect(document.querySelector('.b-grip')).toBeNull();
  fireEvent.click(card('fault'));
  expect([...document.querySelectorAll<HTMLInputElement>('.b-inspector input')].every((input) => input.disabled)).toBe(true);
});

test('a record type chooses its columns; without any it is drawn too', () => {
  drawn(entityEditor, ENTITY, { vocabulary: VOCABULARY });
  expect(document.querySelectorAll('.bf-columns li')).toHaveLength(3);
  cleanup();
  const { list_fields: _, ...bare } = ENTITY;
  drawn(entityEditor, bare, { vocabulary: VOCABULARY });
  expect(document.querySelectorAll('.bf-columns li')).toHaveLength(0);
});

test('a column of a table is added, called, retyped and added up; then undone in as many steps', () => {
  const columns = { type: 'array', 'x-title': { en: 'Columns' }, 'x-widget': 'columns' };
  const table = type('subform', { kind: 'rows', config: { type: 'object', required: ['columns'], properties: { columns } } });
  const vocabulary = { ...VOCABULARY, fields: [...FIELDS.map((one) => ({ ...one, cell: ['text', 'number', 'choice', 'formula'].includes(one.name) })), table] };
  const { store } = drawn(editor, FORM, { vocabulary });
  fireEvent.click(screen.getByRole('button', { name: 'subform' }));
  const before = store.getState().draft;
  const made = () => fieldsOf(store.getState().draft).find((one) => one.type === 'subform')?.config?.['columns'] as { key: string; type: string; title: Record<string, string>; total?: boolean }[];
  fireEvent.click(screen.getByRole('button', { name: 'Add a column' }));
  expect(made()).toHaveLength(4);
  fireEvent.change(document.querySelector('.bf-column input[lang="en"]')!, { target: { value: 'Worth' } });
  fireEvent.change(within(document.querySelector('.bf-column')!).getByRole('combobox'), { target: { value: 'number' } });
  fireEvent.click(screen.getByLabelText('Show its total below'));
  expect(made().at(-1)).toMatchObject({ type: 'number', title: { en: 'Worth' }, total: true });
  while (store.getState().draft !== before) act(() => store.verbs.undo());
  expect(made()).toHaveLength(3);
});

test('a check on submit is written in the settings of the form', () => {
  const checks = { type: 'array', 'x-title': { en: 'Checks' }, 'x-widget': 'rows', items: { type: 'object', properties: { formula: { type: 'string', 'x-title': { en: 'True' }, 'x-widget': 'formula' } } } };
  const { store } = drawn(editor, FORM, { vocabulary: { ...VOCABULARY, form: { type: 'object', properties: { checks } } } });
  fireEvent.click(document.querySelector('.b-inspector .b-start')!);
  fireEvent.change(document.querySelector('.b-inspector .b-formula')!, { target: { value: 'hours < 9' } });
  expect(store.getState().draft.checks).toMatchObject([{ formula: 'hours < 9' }]);
});
