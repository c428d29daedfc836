import { expect, test } from 'vitest';

import { addTier, newRule, pasteTiers, removeTier, setMeasure, setPart, setTier, setValue, withModel } from '../../src/builder/settlement/edits/charges';
import { shareBy } from '../../src/builder/settlement/edits/rest';
import { familyOf, sharedBy, type Charge } from '../../src/builder/settlement/types';
import type { ChargeModel } from '../../src/core/types';
import { triple } from '../triple';
import { modelOf, MODELS, REBATE } from './a-settlement';

const TIERS = REBATE.statement!.rules[0]!.charge;
const bounds = (charge: Charge) => charge.tiers?.map((tier) => tier.below);

test('a new rule fits everything: a fixed amount for a line, marginal tiers of the amount for a statement', () => {
  expect(newRule(REBATE, 'line', MODELS)).toMatchObject({ when: {}, charge: { model: 'flat' } });
  expect(newRule(REBATE, 'statement', MODELS).charge).toMatchObject({ model: 'graduated_percentage', measure: { sum: 'amount' }, tiers: [{ below: null }] });
  expect(newRule({ ...REBATE, inputs: REBATE.inputs.slice(0, 1) }, 'statement', MODELS).charge.measure).toEqual({ count: true });
});

test('another model keeps what it asks too, and forgets the rest', () => {
  expect(triple(TIERS, (charge) => withModel(charge, modelOf('volume_percentage'), { count: true }))).toEqual({ ...TIERS, model: 'volume_percentage' });
  expect(triple(TIERS, (charge) => withModel(charge, modelOf('graduated'), { count: true })).tiers?.[0]).toEqual({ uid: 't1', below: '100000' });
  expect(triple(TIERS, (charge) => withModel(charge, modelOf('flat'), { count: true }))).toEqual({ model: 'flat' });
  expect(triple<Charge>({ model: 'flat', amount: '5' }, (charge) => withModel(charge, modelOf('base_rate'), { count: true }))).toEqual({ model: 'base_rate', amount: '5' });
  expect(triple<Charge>({ model: 'flat' }, (charge) => withModel(charge, modelOf('per_unit'), { count: true }))).toEqual({ model: 'per_unit', measure: { count: true } });
});

test('what depends on blocks or on what a line adds goes with it', () => {
  const package_: ChargeModel = { ...modelOf('per_unit'), name: 'package', may: ['size'] };
  const charge: Charge = { model: 'package', measure: { count: true }, size: '10', blocks: 'full', marginal: true, own_limits: true };
  expect(triple(charge, (now) => withModel(now, package_, { count: true }))).toEqual(charge);
  expect(triple(charge, (now) => withModel(now, modelOf('flat'), { count: true }))).toEqual({ model: 'flat' });
});

test('values and measures', () => {
  expect(triple<Charge>({ model: 'flat' }, (charge) => setValue(charge, 'amount', '1.50')).amount).toBe('1.50');
  expect(triple<Charge>({ model: 'flat', amount: '5' }, (charge) => setValue(charge, 'amount', undefined))).toEqual({ model: 'flat' });
  expect(triple(TIERS, (charge) => setMeasure(charge, 'qualifier', { count: true })).qualifier).toEqual({ count: true });
  expect(triple(setMeasure(TIERS, 'qualifier', { count: true }), (charge) => setMeasure(charge, 'qualifier', undefined))).toEqual(TIERS);
});

test('a new tier is as wide as the last; the open one stays last', () => {
  expect(bounds(triple(TIERS, addTier))).toEqual(['100000', '500000', '900000', null]);
  expect(bounds(triple<Charge>({ model: 'x', tiers: [{ uid: 'a', below: null }] }, addTier))).toEqual(['100000', null]);
  expect(bounds(triple<Charge>({ model: 'x', tiers: [{ uid: 'a', below: '50' }, { uid: 'b', below: null }] }, addTier))).toEqual(['50', '100', null]);
  expect(bounds(triple<Charge>({ model: 'x' }, addTier))).toEqual(['100000', null]);
});

test('a deleted tier leaves the last one open', () => {
  expect(bounds(triple(TIERS, (charge) => removeTier(charge, 't3')))).toEqual(['100000', null]);
  expect(bounds(triple(TIERS, (charge) => removeTier(charge, 't1')))).toEqual(['500000', null]);
  expect(removeTier({ model: 'x', tiers: [{ uid: 'a', below: null }] }, 'a').tiers).toHaveLength(1);
});

test('a tier is set; without a value it says none', () => {
  expect(triple(TIERS, (charge) => setTier(charge, 't2', { below: '300000' })).tiers?.[1]?.below).toBe('300000');
  expect(triple(TIERS, (charge) => setTier(charge, 't2', { percent: undefined as unknown as string })).tiers?.[1]).toEqual({ uid: 't2', below: '500000' });
});

test('pasted tiers rise, and the last one is open', () => {
  const pasted = triple(TIERS, (charge) => pasteTiers(charge, [{ below: '500', value: '2' }, { below: null, value: '3' }, { below: '100', value: '1' }], 'percent'));
  expect(pasted.tiers?.map((tier) => [tier.below, tier.percent])).toEqual([['100', '1'], ['500', '2'], [null, '3']]);
  expect(bounds(triple(TIERS, (charge) => pasteTiers(charge, [{ below: '100', value: '1' }, { below: '500', value: undefined }], 'percent')))).toEqual(['100', null]);
});

test('the kinds of models that people tell apart', () => {
  expect(MODELS.map(familyOf)).toEqual(['fixed', 'fixed', 'unit', 'share', 'marginal', 'marginal', 'whole']);
});

test('another model keeps the figures it takes besides, and the bounds of its tiers', () => {
  const steps: Charge = { ...TIERS, bounds: 'upto', max: '500', tiers: TIERS.tiers!.map((tier) => ({ ...tier, amount: '5', rate: '1' })) };
  const whole = triple(steps, (charge) => withModel(charge, modelOf('volume_percentage'), { count: true }));
  expect(whole).toMatchObject({ model: 'volume_percentage', bounds: 'upto', max: '500' });
  expect(whole.tiers?.[0]).toEqual({ uid: 't1', below: '100000', percent: '1', amount: '5' });
  expect(triple(steps, (charge) => withModel(charge, modelOf('flat'), { count: true }))).toEqual({ model: 'flat', max: '500' });
});

test('a model that asks for a target and a qualifier begins with the measure', () => {
  const achievement = { ...modelOf('volume_percentage'), name: 'achievement', asks: ['target', 'qualifier', 'tiers'] };
  expect(withModel(TIERS, achievement, { count: true })).toEqual({ ...TIERS, model: 'achievement' }); // by what it is judged, people say
  expect(withModel({ ...TIERS, target: { max: 'goal' } }, achievement, { count: true }).target).toEqual({ max: 'goal' });
  expect([familyOf(achievement), familyOf({ ...modelOf('flat'), asks: ['amount', 'threshold'] })]).toEqual(['reached', 'reached']);
});

test('a described setting is put in and taken away', () => {
  expect(setPart<Charge>({ model: 'flat' }, 'min', '5')).toEqual({ model: 'flat', min: '5' });
  expect(setPart<Charge>({ model: 'flat', min: '5' }, 'min', undefined)).toEqual({ model: 'flat' });
});

test('a share is by one way at a time', () => {
  const share = { uid: 'p', party: { en: 'Sales' }, percent: '60', by: 'seller' };
  expect(shareBy(share, 'formula', 'hours * 20')).toEqual({ uid: 'p', party: { en: 'Sales' }, formula: 'hours * 20', by: 'seller' });
  expect(sharedBy(shareBy(share, 'ratio', '1'))).toBe('ratio');
  const fixed = { ...shareBy(share, 'amount', '50'), currency: 'USD' };
  expect(shareBy(fixed, 'amount', '60').currency).toBe('USD');
  expect(shareBy(fixed, 'percent', '60')).toEqual(share);
});
