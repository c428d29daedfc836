import { expect, test } from 'vitest';

import { addAfter, addField, copyOfField, moveField, newField, nudgeField, retypeField, setConfig, setField } from '../../src/builder/form/edits/fields';
import { fieldsOf, owner, standing } from '../../src/builder/form/edits/tree';
import type { FormDoc } from '../../src/core/types';
import { idle, triple } from '../triple';
import { FORM, type } from './a-form';

const order = (doc: FormDoc) => doc.sections.map((section) => `${section.uid}: ${section.fields.map((field) => field.uid).join(' ')}`.trim());

test('a new field is called as its type is and has a key that is free', () => {
  const first = newField(FORM, type('phone'));
  expect(first).toMatchObject({ key: 'phone_1', title: { en: 'phone' }, type: 'phone' });
  expect(newField(addField(FORM, first, 'who'), type('phone')).key).toBe('phone_2');
  expect(first).not.toHaveProperty('config');
});

test('a choice begins with two options', () => {
  const choice = newField(FORM, type('choice', { config: { type: 'object', required: ['options'], properties: { options: {} } } }));
  expect((choice.config?.['options'] as { key: string }[]).map((one) => one.key)).toEqual(['option_1', 'option_2']);
});

test('a field is added before another one, at the end of a section, or into a first section', () => {
  const fresh = { ...newField(FORM, type('text')), uid: 'new' };
  expect(order(triple(FORM, (doc) => addField(doc, fresh, 'what', 'where')))[1]).toBe('what: fault new where hours price');
  expect(order(triple(FORM, (doc) => addField(doc, fresh, 'empty')))[2]).toBe('empty: new');
  expect(order(triple(FORM, (doc) => addAfter(doc, fresh, 'customer')))[0]).toBe('who: customer new phone');
  expect(order(triple(FORM, (doc) => addAfter(doc, fresh, 'who')))[0]).toBe('who: customer phone new');
  expect(order(triple(FORM, (doc) => addAfter(doc, fresh, undefined)))[2]).toBe('empty: new');
  expect(triple<FormDoc>({ ...FORM, sections: [] }, (doc) => addAfter(doc, fresh, undefined)).sections[0]?.fields).toEqual([fresh]);
});

test('a moved field keeps its uid and everything it says', () => {
  const moved = triple(FORM, (doc) => moveField(doc, 'phone', 'what', 'hours'));
  expect(order(moved)).toEqual(['who: customer', 'what: fault where phone hours price', 'empty:']);
  expect(standing(moved, 'phone')?.field).toBe(standing(FORM, 'phone')?.field);
  expect(order(triple(FORM, (doc) => moveField(doc, 'fault', 'what', 'price')))[1]).toBe('what: where hours fault price');
  expect(order(triple(FORM, (doc) => moveField(doc, 'fault', 'what')))[1]).toBe('what: where hours price fault');
});

test('a field that falls where it was is not moved', () => {
  idle(FORM, (doc) => moveField(doc, 'where', 'what', 'hours'));
  idle(FORM, (doc) => moveField(doc, 'where', 'what', 'where'));
  idle(FORM, (doc) => moveField(doc, 'price', 'what'));
  idle(FORM, (doc) => moveField(doc, 'nobody', 'what'));
});

test('by keyboard a field goes up and down, and over the edge of its section', () => {
  expect(order(triple(FORM, (doc) => nudgeField(doc, 'where', -1)))[1]).toBe('what: where fault hours price');
  expect(order(triple(FORM, (doc) => nudgeField(doc, 'where', 1)))[1]).toBe('what: fault hours where price');
  expect(order(triple(FORM, (doc) => nudgeField(doc, 'hours', 1)))[1]).toBe('what: fault where price hours');
  expect(order(triple(FORM, (doc) => nudgeField(doc, 'fault', -1)))).toEqual(['who: customer phone fault', 'what: where hours price', 'empty:']);
  expect(order(triple(FORM, (doc) => nudgeField(doc, 'phone', 1)))).toEqual(['who: customer', 'what: phone fault where hours price', 'empty:']);
  expect(order(triple(FORM, (doc) => nudgeField(doc, 'price', 1)))[2]).toBe('empty: price');
  idle(FORM, (doc) => nudgeField(doc, 'customer', -1));
});

test('a setting is set and taken away', () => {
  const required = triple(FORM, (doc) => setField(doc, 'phone', 'required', true));
  expect(standing(required, 'phone')?.field.required).toBe(true);
  expect(standing(triple(required, (doc) => setField(doc, 'phone', 'required', undefined)), 'phone')?.field).toEqual(standing(FORM, 'phone')?.field);
  const limited = triple(FORM, (doc) => setConfig(doc, 'hours', 'max', '24'));
  expect(standing(limited, 'hours')?.field.config).toEqual({ max: '24' });
  expect(standing(triple(limited, (doc) => setConfig(doc, 'hours', 'max', undefined)), 'hours')?.field).not.toHaveProperty('config');
});

test('another type leaves behind what it does not know', () => {
  const doc = setField(setConfig(setConfig(FORM, 'where', 'max_length', 20), 'where', 'odd', 1), 'where', 'default', 'x');
  const next = triple(doc, (one) => retypeField(one, 'where', type('textarea', { config: { properties: { max_length: {} } } })));
  expect(standing(next, 'where')?.field).toMatchObject({ type: 'textarea', default: 'x', config: { max_length: 20 } });
  expect(standing(next, 'where')?.field.config).not.toHaveProperty('odd');
  const many = triple(FORM, (one) => retypeField(one, 'fault', type('choices', { kind: 'choices', config: { properties: { options: {} } } })));
  expect(standing(many, 'fault')?.field.default).toBeUndefined();
});

test('a copy has an identity of its own and shares no option', () => {
  const fault = standing(FORM, 'fault')!.field;
  const copy = copyOfField(FORM, fault);
  expect(copy.uid).not.toBe(fault.uid);
  expect(copy.key).toBe('fault_1');
  expect((copy.config?.['options'] as { uid: string }[])[0]?.uid).not.toBe('o1');
});

test('what lies in a field is found as the field', () => {
  expect(owner(FORM, { group: 'options', uid: 'o2' })).toEqual({ group: 'fields', uid: 'fault' });
  expect(owner(FORM, { group: 'sections', uid: 'what' })).toEqual({ group: 'sections', uid: 'what' });
  expect(owner(FORM, { group: 'fields', uid: 'nobody' })).toBeNull();
  expect(fieldsOf(FORM)).toHaveLength(6);
});

test('a list of options becomes a tree, and a tree a list, that the server would take', () => {
  const tree = type('cascade', { kind: 'choice', config: { type: 'object', required: ['options'], properties: { options: { 'x-widget': 'tree' } } } });
  const list = type('choice', { kind: 'choice', config: { type: 'object', required: ['options'], properties: { options: { 'x-widget': 'options' } } } });
  expect((newField(FORM, tree).config?.['options'] as { parent?: string }[]).map(({ parent }) => parent)).toEqual([undefined, 'option_1', undefined]);
  const options = (doc: FormDoc) => standing(doc, 'fault')?.field.config?.['options'];
  const toned = setConfig(FORM, 'fault', 'options', [{ uid: 'o', key: 'k', title: { en: 'K' }, tone: 'bad' }]);
  expect(options(triple(toned, (doc) => retypeField(doc, 'fault', tree)))).toEqual([{ uid: 'o', key: 'k', title: { en: 'K' } }]);
  const hung = setConfig(FORM, 'fault', 'options', [{ uid: 'o', key: 'k', title: { en: 'K' }, parent: 'x' }]);
  expect(options(retypeField(hung, 'fault', list))).toEqual([{ uid: 'o', key: 'k', title: { en: 'K' } }]);
});
