import { expect, test } from 'vitest';

import { renamedFormula, renameField, renameOption } from '../../src/builder/form/edits/rename';
import { standing } from '../../src/builder/form/edits/tree';
import { idle, triple } from '../triple';
import { ENTITY, FORM } from './a-form';

test('conditions, fill targets and compared fields follow a new key', () => {
  const next = triple(FORM, (doc) => renameField(doc, 'phone', 'mobile'));
  expect(next.sections[0]?.fields[0]?.config?.['fill']).toEqual([{ from: 'phone', to: 'mobile' }]);
  expect(next.sections[1]?.visible_when?.rules[0]).toMatchObject({ field: 'mobile' });
  const where = standing(next, 'where')?.field.visible_when;
  expect(where?.rules[1]).toMatchObject({ rules: [{ source: 'field', value: 'mobile' }] });
  expect(standing(next, 'phone')?.field).toMatchObject({ uid: 'phone', key: 'mobile' });
});

test('a formula follows a new key, its texts and functions do not', () => {
  const next = triple(FORM, (doc) => renameField(doc, 'hours', 'duration'));
  expect(standing(next, 'price')?.field.config?.['formula']).toBe('ROUND(duration * 80, 2) & "hours"');
  expect(renamedFormula('ROUND(round, 1) + ROUND (round)', 'ROUND', 'x')).toBe('ROUND(round, 1) + ROUND (round)');
  expect(renamedFormula('a+aa+a', 'a', 'b')).toBe('b+aa+b');
});

test('a record type follows a new key in its name, its list and its import', () => {
  expect(triple(ENTITY, (doc) => renameField(doc, 'phone', 'mobile'))).toMatchObject({ unique_field: 'mobile', list_fields: ['name', 'mobile', 'city'] });
});

test('where two fields share a key nobody else follows', () => {
  const doubled = { ...FORM, sections: FORM.sections.map((one) => (one.uid === 'empty' ? { ...one, fields: [{ ...standing(FORM, 'phone')!.field, uid: 'second' }] } : one)) };
  const next = triple(doubled, (doc) => renameField(doc, 'second', 'mobile'));
  expect(next.sections[1]?.visible_when?.rules[0]).toMatchObject({ field: 'phone' });
  idle(FORM, (doc) => renameField(doc, 'phone', 'phone'));
});

test('conditions and the default follow a new key of an option', () => {
  const leak = triple(FORM, (doc) => renameOption(doc, 'fault', 'o2', 'water'));
  expect(standing(leak, 'where')?.field.visible_when?.rules[0]).toMatchObject({ value: 'water' });
  const noise = triple(FORM, (doc) => renameOption(doc, 'fault', 'o1', 'sound'));
  expect(standing(noise, 'fault')?.field.default).toBe('sound');
  idle(FORM, (doc) => renameOption(doc, 'fault', 'o1', 'noise'));
});

test('a serial number follows a new key of the fields in it', () => {
  const number = { uid: 'no', key: 'no', type: 'serial', title: { en: 'No.' }, config: { parts: [{ uid: 'p', part: 'field', field: 'phone' }], group: 'phone' } };
  const doc = { ...FORM, sections: FORM.sections.map((one) => (one.uid === 'empty' ? { ...one, fields: [number] } : one)) };
  expect(standing(triple(doc, (found) => renameField(found, 'phone', 'mobile')), 'no')?.field.config).toMatchObject({ parts: [{ field: 'mobile' }], group: 'mobile' });
});
