import { expect, test } from 'vitest';

import { listField, moveListed, nudgeListed, setEntity } from '../../src/builder/form/edits/entity';
import { addSection, addSectionAfter, moveSection, newSection, nudgeSection, setSection } from '../../src/builder/form/edits/sections';
import { idle, triple } from '../triple';
import { ENTITY, FORM } from './a-form';

const fresh = { ...newSection(), uid: 'new' };
const order = (doc: typeof FORM) => doc.sections.map((section) => section.uid).join(' ');

test('a section is added where it is wanted', () => {
  expect(order(triple(FORM, (doc) => addSection(doc, fresh, 'what')))).toBe('who new what empty');
  expect(order(triple(FORM, (doc) => addSectionAfter(doc, fresh, 'who')))).toBe('who new what empty');
  expect(order(triple(FORM, (doc) => addSectionAfter(doc, fresh, 'hours')))).toBe('who what new empty');
  expect(order(triple(FORM, (doc) => addSectionAfter(doc, fresh, undefined)))).toBe('who what empty new');
});

test('a section is moved with all its fields', () => {
  const moved = triple(FORM, (doc) => moveSection(doc, 'what', 'who'));
  expect(order(moved)).toBe('what who empty');
  expect(moved.sections[0]).toBe(FORM.sections[1]);
  expect(order(triple(FORM, (doc) => moveSection(doc, 'who')))).toBe('what empty who');
  idle(FORM, (doc) => moveSection(doc, 'who', 'what'));
  idle(FORM, (doc) => moveSection(doc, 'empty'));
});

test('a section is moved by keyboard as far as there is room', () => {
  expect(order(triple(FORM, (doc) => nudgeSection(doc, 'who', 1)))).toBe('what who empty');
  expect(order(triple(FORM, (doc) => nudgeSection(doc, 'empty', -1)))).toBe('who empty what');
  idle(FORM, (doc) => nudgeSection(doc, 'who', -1));
  idle(FORM, (doc) => nudgeSection(doc, 'empty', 1));
});

test('a section is called and explained', () => {
  const titled = triple(FORM, (doc) => setSection(doc, 'empty', 'title', { en: 'More' }));
  expect(titled.sections[2]?.title).toEqual({ en: 'More' });
  expect(triple(titled, (doc) => setSection(doc, 'empty', 'title', undefined)).sections[2]).toEqual(FORM.sections[2]);
});

test('the columns of a list are chosen and put in order', () => {
  expect(triple(ENTITY, (doc) => listField(doc, 'phone', false)).list_fields).toEqual(['name', 'city']);
  expect(triple(ENTITY, (doc) => moveListed(doc, 'city', 'name')).list_fields).toEqual(['city', 'name', 'phone']);
  expect(triple(ENTITY, (doc) => moveListed(doc, 'name', undefined)).list_fields).toEqual(['phone', 'city', 'name']);
  expect(triple(ENTITY, (doc) => nudgeListed(doc, 'name', 1)).list_fields).toEqual(['phone', 'name', 'city']);
  idle(ENTITY, (doc) => nudgeListed(doc, 'name', -1));
  expect(triple(ENTITY, (doc) => setEntity(doc, 'unique_field', undefined))).not.toHaveProperty('unique_field');
});
