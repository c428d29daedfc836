/** Preset fields: how they are found, and what they become. */
import { expect, test } from 'vitest';

import { found, presetField, type Presets } from '../../src/builder/form/presets';
import given from '../../../../schemas/presets.json';
import { FORM } from './a-form';

const presets = given as unknown as Presets;
const keys = (wanted: string) => found(presets, wanted).flatMap((trade) => trade.found.map((one) => one.key));
const preset = (key: string) => presets.presets.find((one) => one.key === key)!;

test('they are found by Chinese, English, pinyin initials and trade', () => {
  expect(keys('发票抬头')).toEqual(['invoice_title']);
  expect(keys('blood group')).toEqual(['blood_type']);
  expect(keys('XLH')).toContain('serial_number');
  expect(keys('合同与法务')).toHaveLength(presets.presets.filter((one) => one.trade === 'contract').length);
  expect(keys('no such thing')).toEqual([]);
  expect(keys('')).toHaveLength(presets.presets.length);
});

test('one becomes a field with a key that is free, and options of its own', () => {
  const one = presetField(FORM, preset('urgency'));
  expect(one).toMatchObject({ key: 'urgency', type: 'choice', title: { en: 'Urgency' } });
  expect(one).not.toHaveProperty('trade');
  const options = one.config?.['options'] as { uid: string }[];
  expect(new Set(options.map(({ uid }) => uid)).size).toBe(4);
  const doc = { ...FORM, sections: [{ uid: 's', fields: [one] }] };
  expect(presetField(doc, preset('urgency')).key).toBe('urgency_1');
});
