import { expect, test } from 'vitest';

import { allPlaces, copied, duplicatePlaces, pasted, removePlaces } from '../../src/builder/form/edits/places';
import { fieldsOf } from '../../src/builder/form/edits/tree';
import { triple } from '../triple';
import { ENTITY, FORM } from './a-form';

const field = (uid: string) => ({ group: 'fields', uid });
const keys = (doc: typeof FORM) => fieldsOf(doc).map((one) => one.key);

test('what is selected is deleted in one step', () => {
  expect(keys(triple(FORM, (doc) => removePlaces(doc, [field('phone'), field('hours')])))).toEqual(['customer', 'fault', 'where', 'price']);
  expect(triple(FORM, (doc) => removePlaces(doc, [{ group: 'sections', uid: 'what' }])).sections.map((one) => one.uid)).toEqual(['who', 'empty']);
});

test('a record type forgets a deleted field in its name, its list and its import', () => {
  const next = triple(ENTITY, (doc) => removePlaces(doc, [field('phone')]));
  expect(next).toMatchObject({ name_field: 'name', list_fields: ['name', 'city'] });
  expect(next).not.toHaveProperty('unique_field');
});

test('a field is duplicated right behind itself, a section with all its fields', () => {
  expect(keys(triple(FORM, (doc) => duplicatePlaces(doc, [field('phone')]).draft))).toEqual(['customer', 'phone', 'phone_1', 'fault', 'where', 'hours', 'price']);
  const twice = triple(FORM, (doc) => duplicatePlaces(doc, [{ group: 'sections', uid: 'who' }]).draft);
  expect(twice.sections.map((one) => one.fields.length)).toEqual([2, 2, 4, 0]);
  expect(new Set(keys(twice)).size).toBe(8);
  expect(new Set(fieldsOf(twice).map((one) => one.uid)).size).toBe(8);
});

test('what is copied is pasted into another form under keys that are free there', () => {
  const text = copied(FORM, [field('phone'), field('fault')]);
  const found = pasted(ENTITY, text ?? '');
  expect(keys(found!.draft)).toEqual(['name', 'phone', 'phone_1', 'fault', 'city']);
  expect(found?.places).toHaveLength(2);
  expect(copied(FORM, [])).toBeNull();
});

test('what is pasted where it comes from stands right behind itself', () => {
  expect(keys(triple(FORM, (doc) => pasted(doc, copied(doc, [field('phone')]) ?? '')!.draft))).toEqual(['customer', 'phone', 'phone_1', 'fault', 'where', 'hours', 'price']);
  const section = copied(FORM, [{ group: 'sections', uid: 'who' }]) ?? '';
  expect(triple(FORM, (doc) => pasted(doc, section)!.draft).sections.map((one) => one.fields.length)).toEqual([2, 2, 4, 0]);
});

test('a text from elsewhere is not pasted', () => {
  expect(pasted(FORM, 'hello')).toBeNull();
  expect(pasted(FORM, '{"is": "something"}')).toBeNull();
});

test('all means all fields', () => expect(allPlaces(FORM)).toHaveLength(6));
