import { expect, test } from 'vitest';

import { addInput, inputFromRecord, moveInput, newInput, nudgeInput, removeInput, renameInput, renameInputOption, retypeInput, setInput, setInputConfig } from '../../src/builder/settlement/edits/inputs';
import { addSamples, addShare, changeShare, moveSample, moveShare, newSample, nudgeSample, nudgeShare, removeSamples, removeShares, setSample, setWhole, totalOf } from '../../src/builder/settlement/edits/rest';
import { addDimension, changeCharge, changeTerm, dimensionsOf, duplicateRows, insertRows, moveDimension, moveRow, newTerm, nudgeRow, removeDimension, removeRows, rowsOf, setCell, setTitle, switchTable } from '../../src/builder/settlement/edits/rules';
import type { RulesName, Settlement } from '../../src/builder/settlement/types';
import { plain } from '../../src/core/decimal';
import { idle, triple } from '../triple';
import { fieldType, REBATE } from './a-settlement';

const uids = (doc: Settlement, name: RulesName) => rowsOf(doc, name).map((row) => row.uid).join(' ');
const keys = (doc: Settlement) => doc.inputs.map((one) => one.key).join(' ');

test('a table is switched on empty and off with all it says', () => {
  const off = triple(REBATE, (doc) => switchTable(doc, 'line', false));
  expect(off).not.toHaveProperty('line');
  expect(triple(off, (doc) => switchTable(doc, 'line', true)).line).toEqual({ dimensions: [], rules: [] });
  idle(REBATE, (doc) => switchTable(doc, 'line', true));
});

test('dimensions are chosen, put in order, and taken away with what the rules ask of them', () => {
  const more = triple(REBATE, (doc) => addDimension(doc, 'line', 'place'));
  expect(dimensionsOf(more, 'line').map((one) => one.input)).toEqual(['kind', 'amount', 'place']);
  idle(more, (doc) => addDimension(doc, 'line', 'place'));
  expect(dimensionsOf(triple(REBATE, (doc) => moveDimension(doc, 'line', 'd2', -1)), 'line').map((one) => one.uid)).toEqual(['d2', 'd1']);
  idle(REBATE, (doc) => moveDimension(doc, 'line', 'd1', -1));
  const less = triple(REBATE, (doc) => removeDimension(doc, 'line', 'd1'));
  expect(less.line?.rules[0]?.when).toEqual({ d2: { from: '1000' } });
  expect(triple(REBATE, (doc) => removeDimension(doc, 'terms', 'd4')).terms?.[0]?.when).toEqual({});
});

test('rules are added, duplicated, moved and deleted', () => {
  const fresh = { uid: 'new', when: {}, charge: { model: 'flat' } };
  expect(uids(triple(REBATE, (doc) => insertRows(doc, 'line', [fresh], 'l1')), 'line')).toBe('l1 new l2');
  expect(uids(triple(REBATE, (doc) => insertRows(doc, 'line', [fresh])), 'line')).toBe('l1 l2 new');
  const twice = triple(REBATE, (doc) => duplicateRows(doc, 'statement', ['r1']));
  expect(twice.statement?.rules).toHaveLength(3);
  expect(twice.statement?.rules[1]?.charge.tiers?.[0]).toMatchObject({ below: '100000', percent: '1' });
  expect(twice.statement?.rules[1]?.charge.tiers?.[0]?.uid).not.toBe('t1');
  expect(uids(triple(REBATE, (doc) => moveRow(doc, 'line', 'l2', 'l1')), 'line')).toBe('l2 l1');
  idle(REBATE, (doc) => moveRow(doc, 'line', 'l1', 'l2'));
  expect(uids(triple(REBATE, (doc) => nudgeRow(doc, 'terms', 'm1', 1)), 'terms')).toBe('m2 m1');
  idle(REBATE, (doc) => nudgeRow(doc, 'terms', 'm1', -1));
  expect(uids(triple(REBATE, (doc) => removeRows(doc, 'line', ['l1', 'l2'])), 'line')).toBe('');
});

test('a cell is set and freed', () => {
  expect(triple(REBATE, (doc) => setCell(doc, 'line', 'l2', 'd1', { in: ['small'] })).line?.rules[1]?.when).toEqual({ d1: { in: ['small'] } });
  expect(triple(REBATE, (doc) => setCell(doc, 'line', 'l1', 'd1', undefined)).line?.rules[0]?.when).toEqual({ d2: { from: '1000' } });
  idle(REBATE, (doc) => setCell(doc, 'line', 'l2', 'd1', undefined));
  expect(triple(REBATE, (doc) => setTitle(doc, 'line', 'l2', { en: 'Rest' })).line?.rules[1]?.title).toEqual({ en: 'Rest' });
  expect(triple(REBATE, (doc) => setTitle(doc, 'line', 'l1', undefined)).line?.rules[0]).not.toHaveProperty('title');
});

test('charges and terms are changed in their row', () => {
  expect(triple(REBATE, (doc) => changeCharge(doc, 'line', 'l2', (charge) => ({ ...charge, amount: '7' }))).line?.rules[1]?.charge.amount).toBe('7');
  expect(triple(REBATE, (doc) => changeTerm(doc, 'm1', { currency: 'MOP' })).terms?.[0]?.currency).toBe('MOP');
  expect(triple<Settlement>({ ...REBATE, terms: [] }, (doc) => insertRows(doc, 'terms', [newTerm(doc)])).terms?.[0]).toMatchObject({ when: {}, currency: 'CNY' });
});

test('an input is added, typed, set, moved', () => {
  const fresh = newInput(REBATE, fieldType('number'));
  expect(fresh.key).toBe('number_1');
  expect(keys(triple(REBATE, (doc) => addInput(doc, fresh, 'i1')))).toBe('order_no number_1 dealer kind place amount date');
  expect(triple(REBATE, (doc) => setInput(doc, 'i5', 'required', true)).inputs[4]?.required).toBe(true);
  expect(triple(REBATE, (doc) => setInputConfig(doc, 'i5', 'places', 2)).inputs[4]?.config).toEqual({ places: 2 });
  expect(triple(REBATE, (doc) => setInputConfig(doc, 'i2', 'entity', undefined)).inputs[1]).not.toHaveProperty('config');
  expect(triple(REBATE, (doc) => retypeInput(doc, 'i3', fieldType('text'))).inputs[2]).toEqual({ uid: 'i3', key: 'kind', type: 'text', title: REBATE.inputs[2]?.title });
  expect(keys(triple(REBATE, (doc) => moveInput(doc, 'i6', 'i1')))).toBe('date order_no dealer kind place amount');
  expect(keys(triple(REBATE, (doc) => nudgeInput(doc, 'i1', 1)))).toBe('dealer order_no kind place amount date');
  idle(REBATE, (doc) => nudgeInput(doc, 'i1', -1));
});

test('a column from a record is called and typed as the field of the record', () => {
  const field = { uid: 'f', key: 'kind', type: 'choice', title: { en: 'Type' }, config: { options: [] } };
  expect(inputFromRecord(REBATE, REBATE.inputs[1]!, field)).toMatchObject({ key: 'dealer_kind', type: 'choice', title: { en: 'Type' }, from: { input: 'dealer', field: 'kind' } });
});

test('with an input go its dimensions, its samples and what was looked up through it', () => {
  const next = triple(REBATE, (doc) => removeInput(doc, 'i3'));
  expect(next.line?.dimensions.map((one) => one.uid)).toEqual(['d2']);
  expect(next.line?.rules[0]?.when).toEqual({ d2: { from: '1000' } });
  expect(next.statement?.rules[0]?.when).toEqual({});
  expect(next.samples?.[0]?.values).not.toHaveProperty('kind');
  expect(triple(REBATE, (doc) => removeInput(doc, 'i2')).inputs[1]).not.toHaveProperty('from');
  expect(triple(REBATE, (doc) => removeInput(doc, 'i1'))).not.toHaveProperty('line_id');
  idle({ ...REBATE, inputs: REBATE.inputs.slice(0, 1) }, (doc) => removeInput(doc, 'i1'));
});

test('a new key of an input is followed everywhere', () => {
  const next = triple(REBATE, (doc) => renameInput(doc, 'i5', 'sales'));
  expect(next.line?.dimensions[1]?.input).toBe('sales');
  expect(next.line?.rules[0]?.charge.measure).toEqual({ sum: 'sales' });
  expect(next.statement?.rules[0]?.charge.measure).toEqual({ sum: 'sales' });
  expect(next.samples?.[0]?.values).toHaveProperty('sales', '600000');
  const dealer = triple(REBATE, (doc) => renameInput(doc, 'i2', 'agent'));
  expect(dealer).toMatchObject({ partner: 'agent' });
  expect(dealer.inputs[2]?.from).toEqual({ input: 'agent', field: 'type' });
  expect(triple(REBATE, (doc) => renameInput(doc, 'i4', 'city')).term_dimensions?.[0]?.input).toBe('city');
  idle(REBATE, (doc) => renameInput(doc, 'i4', 'place'));
});

test('nothing else of a table goes with an input or its key: how it finds its rule, targets, windows, conditions, formulas', () => {
  const charge = { model: 'percentage', percent: '1', measure: { formula: 'round(amount * 2, 2) + if(kind = "amount", 1, 0)' }, target: { max: 'amount', over: { period: 'month', group: ['amount'] } }, prorate: { period: 'month', from: 'amount', to: 'date' } };
  const condition = { combinator: 'and' as const, rules: [{ field: 'amount', operator: 'equals', source: 'field' as const, value: 'amount' }] };
  const doc = { ...REBATE, exchange: { currency: 'amount', amounts: ['amount'], rates: [] }, line: { ...REBATE.line!, policy: 'collect' as const, collect: 'max' as const, rules: [{ uid: 'l1', when: {}, condition, charge }] } } as Settlement;
  const next = triple(doc, (found) => renameInput(found, 'i5', 'sales'));
  expect(next.line).toMatchObject({ policy: 'collect', collect: 'max' });
  expect(next.line?.rules[0]).toMatchObject({
    condition: { rules: [{ field: 'sales', value: 'sales' }] },
    charge: { measure: { formula: 'round(sales * 2, 2) + if(kind = "amount", 1, 0)' }, target: { max: 'sales', over: { period: 'month', group: ['sales'] } }, prorate: { period: 'month', from: 'sales', to: 'date' } },
  });
  expect(next.exchange).toEqual({ currency: 'sales', amounts: ['sales'], rates: [] });
  expect(triple(doc, (found) => removeInput(found, 'i3')).line).toMatchObject({ policy: 'collect', collect: 'max' });
});

test('columns that are made together have keys of their own', () => {
  const fresh = newInput(REBATE, fieldType('text'));
  const next = addInput(addInput(REBATE, fresh), { ...fresh, uid: 'other' });
  expect(next.inputs.slice(-2).map((one) => one.key)).toEqual(['text_1', 'text_2']);
});

test('a new key of an option is followed by cells and samples', () => {
  const next = triple(REBATE, (doc) => renameInputOption(doc, 'i3', 'o1', 'major'));
  expect(next.line?.rules[0]?.when['d1']).toEqual({ in: ['major'] });
  expect(next.statement?.rules[1]?.when['d3']).toEqual({ not_in: ['major'] });
  expect(next.samples?.[0]?.values['kind']).toBe('major');
});

test('shares: a new one gets what is left of 100', () => {
  const more = triple(REBATE, (doc) => addShare(doc, { en: 'New' }));
  expect(more.shares?.[2]?.percent).toBe('9.5');
  expect(plain(totalOf(more.shares))).toBe('100');
  expect(triple(more, (doc) => addShare(doc, { en: 'New' })).shares?.[3]?.percent).toBe('0');
  expect(triple(REBATE, (doc) => changeShare(doc, 'p2', { percent: '40' })).shares?.[1]?.percent).toBe('40');
  expect(triple(REBATE, (doc) => moveShare(doc, 'p2', 'p1')).shares?.map((one) => one.uid)).toEqual(['p2', 'p1']);
  expect(triple(REBATE, (doc) => nudgeShare(doc, 'p1', 1)).shares?.map((one) => one.uid)).toEqual(['p2', 'p1']);
  expect(triple(REBATE, (doc) => removeShares(doc, ['p1', 'p2']))).not.toHaveProperty('shares');
});

test('samples: a new one is like the last but for its number', () => {
  const fresh = newSample(REBATE, '2026-11-01');
  expect(fresh.values).toEqual({ kind: 'key', amount: '600000', date: '2026-10-08' });
  expect(newSample({ ...REBATE, samples: [] }, '2026-11-01').values).toEqual({ date: '2026-11-01' });
  expect(triple(REBATE, (doc) => addSamples(doc, [fresh])).samples).toHaveLength(2);
  expect(triple(REBATE, (doc) => setSample(doc, 'x1', 'place', '44')).samples?.[0]?.values['place']).toBe('44');
  expect(triple(REBATE, (doc) => setSample(doc, 'x1', 'kind', '')).samples?.[0]?.values).not.toHaveProperty('kind');
  expect(triple(REBATE, (doc) => removeSamples(doc, ['x1']))).not.toHaveProperty('samples');
  const two = addSamples(REBATE, [{ uid: 'x2', values: {} }]);
  expect(triple(two, (doc) => moveSample(doc, 'x2', 'x1')).samples?.[0]?.uid).toBe('x2');
  expect(triple(two, (doc) => nudgeSample(doc, 'x1', 1)).samples?.[0]?.uid).toBe('x2');
});

test('the whole is set and freed', () => {
  expect(triple(REBATE, (doc) => setWhole(doc, 'approval', 'rebate_approval')).approval).toBe('rebate_approval');
  expect(triple(REBATE, (doc) => setWhole(doc, 'line_id', undefined))).not.toHaveProperty('line_id');
});
