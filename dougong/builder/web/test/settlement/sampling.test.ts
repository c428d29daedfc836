import { expect, test } from 'vitest';

import { curveOf, jumpsOf } from '../../src/builder/settlement/curve';
import { placeCode, readPlaces } from '../../src/builder/settlement/places';
import { batches, calculate } from '../../src/builder/settlement/sampling';
import { findPlace, tabOf } from '../../src/builder/settlement/tabs';
import type { Api } from '../../src/core/api';
import { openRegions } from '../../src/core/regions';
import { REBATE } from './a-settlement';

const sample = (uid: string, dealer: string, date: string) => ({ uid, values: { dealer, date } });
const DOC = { ...REBATE, samples: [sample('a', 'x', '2026-10-01'), sample('b', 'y', '2026-10-02'), sample('c', 'x', '2026-10-31'), sample('d', 'x', '2026-11-01')] };

test('the lines of one partner and one month are one statement', () => {
  expect(batches(DOC).map((one) => [one.partner, one.period, one.samples.map((found) => found.uid)])).toEqual([
    ['x', '2026-10', ['a', 'c']], ['y', '2026-10', ['b']], ['x', '2026-11', ['d']],
  ]);
});

test.each([['day', ['2026-01-31', '2026-10-01', '2026-12-31']], ['quarter', ['2026-Q1', '2026-Q4']], ['half', ['2026-H1', '2026-H2']], ['year', ['2026']]] as const)('a statement is of a %s, where that is what it is of', (period, names) => {
  const samples = ['2026-01-31', '2026-10-01', '2026-12-31'].map((day) => sample(day, 'x', day));
  expect(batches({ ...DOC, period, samples }).map((one) => one.period)).toEqual(names);
});

test('a statement of a contract is known by its first day', () => {
  const samples = [['2026-10-01', '2026-01-01'], ['2026-11-01', '2026-01-01'], ['2026-11-02', '2026-11-02']].map(([date, begun], uid) => ({ uid: String(uid), values: { dealer: 'x', date, begun } }));
  expect(batches({ ...DOC, period: 'contract', contract: { since: 'begun' }, samples }).map((one) => [one.period, one.samples.length])).toEqual([['2026-01-01', 2], ['2026-11-02', 1]]);
});

test('every line gets its own answer, whichever batch it was asked in', async () => {
  const post = async (_path: string, body: unknown) => {
    const { lines } = body as { lines: { date: string }[] };
    return { lines: lines.map((one) => ({ amount: one.date })), statements: [{ currency: 'CNY', count: lines.length }] };
  };
  const found = await calculate({ post } as unknown as Api, DOC);
  expect(found.lines.get('c')).toEqual({ amount: '2026-10-31' });
  expect(found.statements).toHaveLength(3);
});

test('a draft with errors is not calculated', async () => {
  const found = await calculate({ post: async () => ({ problems: true, lines: [], statements: [] }) } as unknown as Api, DOC);
  expect(found.problems).toBe(true);
});

test('whole-amount tiers jump at their bounds, exactly', () => {
  const charge = { ...REBATE.statement!.rules[0]!.charge, model: 'volume_percentage' };
  expect(jumpsOf(charge, 'percent')).toEqual([{ bound: '100000', before: '1000', after: '2000' }, { bound: '500000', before: '10000', after: '15000' }]);
  expect(jumpsOf({ ...charge, qualifier: { count: true } }, 'percent')).toEqual([]);
  expect(jumpsOf({ ...charge, tiers: charge.tiers!.map((tier) => ({ ...tier, percent: '1' })) }, 'percent')).toEqual([]);
});

test('the curve of marginal tiers has no gaps, that of whole-amount tiers has', () => {
  const { charge } = REBATE.statement!.rules[0]!;
  expect(curveOf(charge, 'percent', false)?.lines.map((line) => line.map(([, amount]) => amount))).toEqual([[0, 1000], [1000, 9000], [9000, 13500]]);
  expect(curveOf(charge, 'percent', true)?.lines[1]).toEqual([[100000, 2000], [500000, 10000]]);
  expect(curveOf({ ...charge, tiers: [{ uid: 'a', below: null }] }, 'percent', false)).toBeNull();
  expect(curveOf({ ...charge, tiers: [{ uid: 'a', below: '5' }, { uid: 'b', below: '3' }, { uid: 'c', below: null }] }, 'percent', false)).toBeNull();
});

test('a problem is seen in the table and row that it lies in', () => {
  expect(findPlace(REBATE, { group: 'tiers', uid: 't2' })).toEqual({ tab: 'statement', place: { group: 'rules', uid: 'r1' } });
  expect(findPlace(REBATE, { group: 'options', uid: 'o1' })).toEqual({ tab: 'inputs', place: { group: 'inputs', uid: 'i3' } });
  expect(findPlace(REBATE, { group: 'terms', uid: 'm2' })).toEqual({ tab: 'terms', place: { group: 'terms', uid: 'm2' } });
  expect(findPlace(REBATE, { group: 'x', uid: 'nobody' })).toBeNull();
  expect([tabOf('/shares'), tabOf('/term_dimensions/0'), tabOf('/approval'), tabOf('/statement/rules')]).toEqual(['shares', 'terms', 'inputs', 'statement']);
});

test('places are found by their names, as far down as they are written', async () => {
  const TREE: Record<string, [string, string][]> = { '': [['44', '广东省'], ['81', '香港特别行政区']], 44: [['4401', '广州市'], ['4403', '深圳市']], 4403: [['440305', '南山区']] };
  const get = async (path: string) => (TREE[new URLSearchParams(path.split('?')[1]).get('parent') ?? ''] ?? []).map(([code, name]) => ({ code, name, more: code in TREE }));
  const regions = openRegions({ get } as unknown as Api);
  await readPlaces(['广东省深圳市南山区、香港特别行政区'], regions);
  const found = (name: string) => placeCode(name, regions.getState());
  expect([found('广东省'), found('广东'), found('香港'), found('广东省深圳市'), found('广东省深圳市南山区'), found('火星')]).toEqual(['44', '44', '81', '4403', '440305', null]);
});
