// @vitest-environment jsdom
import { afterEach, beforeEach, expect, test } from 'vitest';

import { readCell, readMeasure, readModel, readNumeric, readPercent, readTiers } from '../../src/builder/settlement/reading';
import { amountWords, cellWords, measureWords, partWords, spansOf, spanWords, tiersWords } from '../../src/builder/settlement/words';
import { asTable, readTable } from '../../src/core/clipboard';
import { MODELS, REBATE } from './a-settlement';

const [, , KIND, PLACE, AMOUNT] = REBATE.inputs as [never, never, (typeof REBATE.inputs)[0], (typeof REBATE.inputs)[0], (typeof REBATE.inputs)[0]];
const none = () => null;

beforeEach(() => document.documentElement.setAttribute('lang', 'zh-Hans'));
afterEach(() => document.documentElement.removeAttribute('lang'));

test.each([['100000', '10万'], ['1500000', '150万'], ['105000', '10.5万'], ['123456', '123,456'], ['9999', '9,999'], ['200000000', '2亿'], ['100000.00', '10万'], ['0', '0'], ['-50000', '-5万']])('%s is said as %s', (text, words) => {
  expect(amountWords(text, 'zh-Hans')).toBe(words);
});

test('in English amounts have commas', () => expect(amountWords('1500000', 'en')).toBe('1,500,000'));

test('a span says which of its ends is in it', () => {
  expect(spanWords('100000', '500000')).toBe('10万(含)以上至50万(不含)');
  expect(spanWords('0', '100000')).toBe('10万(不含)以下');
  expect(spanWords('500000', null)).toBe('50万(含)以上');
  expect(spanWords('0', null)).toBe('全部');
  expect(spanWords('100000', '500000', amountWords, true)).toBe('10万(不含)以上至50万(含)');
  expect(spanWords('0', '100000', amountWords, true)).toBe('10万(含)以下');
  document.documentElement.setAttribute('lang', 'en');
  expect(spanWords('100000', '500000')).toBe('100,000 up to but not including 500,000');
});

test('tiers begin where the one before ends', () => {
  const charge = REBATE.statement!.rules[0]!.charge;
  expect(spansOf(charge).map(({ from, below }) => [from, below])).toEqual([['0', '100000'], ['100000', '500000'], ['500000', null]]);
  expect(tiersWords({ model: 'graduated', tiers: [{ uid: 'a', below: '10', rate: '4', size: '3' }, { uid: 'b', below: null, rate: '1' }] })).toBe('10(不含)以下 4 / 3；10(含)以上 1');
  expect(tiersWords(charge)).toBe('10万(不含)以下 1%；10万(含)以上至50万(不含) 2%；50万(含)以上 3%');
});

test('cells and measures in words', () => {
  expect(cellWords({ in: ['key', 'small'] }, KIND, 'choice', () => undefined)).toBe('大客户、小商户');
  expect(cellWords({ not_in: ['key'] }, KIND, 'choice', () => undefined)).toBe('除 大客户 外');
  expect(cellWords({ in: ['81', '4403'] }, PLACE, 'region', (code) => ({ 81: '香港' })[code])).toBe('香港、4403');
  expect(cellWords({ from: '1000' }, AMOUNT, 'number', () => undefined)).toBe('1,000(含)以上');
  expect(cellWords(undefined, AMOUNT, 'number', () => undefined)).toBe('');
  expect(measureWords({ sum: 'amount' }, REBATE.inputs)).toBe('金额合计');
});

test('an explanation writes its figures as people do', () => {
  expect(partWords('settle.part.window', { figure: { 'zh-Hans': '目标' }, window: { 'zh-Hans': '去年同期' }, period: '2025', found: '120000' })).toBe('目标（去年同期 2025）：120,000');
  const chain = [{ title: { 'zh-Hans': '集团' }, value: { 'zh-Hans': '华东' } }, { title: { 'zh-Hans': '区域' }, region: '44' }];
  const window = { figure: '定档', window: '统计期间', period: '2026-Q4', lines: '1200', of: '金额', found: '5' };
  expect(partWords('settle.part.window_max', { ...window, group: chain }, () => '广东')).toBe('定档（统计期间 2026-Q4 · 集团 华东 · 区域 广东，1,200 笔，金额最大值）：5');
  expect(partWords('settle.part.window_max', { ...window, group: [] })).toContain('2026-Q4 · 全部对象，');
  const mode = ['settle.part.rounding', { places: '2', mode: { 'zh-Hans': '四舍五入' } }];
  expect(partWords('settle.part.converted_rounded', { amount: '1', exact: '7.125', found: '7.13', rounding: mode })).toContain('= 7.125，取到 2 位小数（四舍五入）：7.13');
  expect(partWords('settle.part.achievement', { from: '80', below: '100' })).toContain('80%(含)以上至100%(不含)');
  expect(partWords('settle.part.payment_delay', { from: '15', below: '30' })).toContain('15天(含)以上至30天(不含)');
  expect(tiersWords({ model: 'payment_delay', tiers: [{ uid: 'a', below: '30', percent: '100' }, { uid: 'b', below: null, percent: '80' }] })).toBe('30天(不含)以下 100%；30天(含)以上 80%');
  expect(tiersWords({ model: 'interpolated', tiers: [{ uid: 'a', below: '100', percent: '1' }, { uid: 'b', below: null, percent: '2' }] })).toBe('100%(不含)以下 1%；100%(含)以上 2%');
  expect(partWords('settle.part.tier_percentage', { from: '100000', below: '500000', measure: '400000', percent: '2' })).toContain('10万');
});

test.each([['10万', '100000'], ['1,234.50', '1234.5'], ['￥80', '80'], ['１２', '12'], ['1.5亿', '150000000'], ['1.5%', '1.5'], ['.5', '0.5'], ['-3', '-3'], ['1000元', '1000'], ['abc', null], ['1e5', null], ['', null], ['1234567890123456789', null], ['1,5', null]])('%s reads as the number %s', (text, found) => {
  expect(readNumeric(text)).toBe(found);
});

test('percentages', () => {
  expect([readPercent('6%'), readPercent('0.0000001'), readPercent('-1'), readPercent('10000')]).toEqual(['6', null, null, null]);
});

test('what a cell says is read back', () => {
  const places = (name: string) => ({ 香港特别行政区: '81' })[name] ?? null;
  expect(readCell('大客户、small', KIND, 'choice', none)).toEqual({ cell: { in: ['key', 'small'] } });
  expect(readCell('除 大客户 外', KIND, 'choice', none)).toEqual({ cell: { not_in: ['key'] } });
  expect(readCell('not Key account', KIND, 'choice', none)).toEqual({ cell: { not_in: ['key'] } });
  expect(readCell('任意', KIND, 'choice', none)).toEqual({ cell: undefined });
  expect(readCell('', KIND, 'choice', none)).toEqual({ cell: undefined });
  expect(readCell('nobody', KIND, 'choice', none)).toBeNull();
  expect(readCell('香港特别行政区, 44', PLACE, 'region', places)).toEqual({ cell: { in: ['81', '44'] } });
});

test.each([
  ['10万(含)以上至50万(不含)', { from: '100000', below: '500000' }], ['10-20', { from: '10', below: '20' }], ['10~20', { from: '10', below: '20' }], ['10 至 20', { from: '10', below: '20' }],
  ['≥10', { from: '10' }], ['10万(含)以上', { from: '100000' }], ['<20', { below: '20' }], ['20(不含)以下', { below: '20' }], ['不满20', { below: '20' }], ['100,000 up to but not including 500,000', { from: '100000', below: '500000' }], ['1,000～2,000', { from: '1000', below: '2000' }], ['10到50之间', { from: '10', below: '50' }], ['20, 10%5', null],
  ['15', { in: ['15'] }], ['[10, 20)', { from: '10', below: '20' }],
])('the range %s', (text, cell) => expect(readCell(text, AMOUNT, 'number', none)?.cell ?? null).toEqual(cell));

test.each([
  ['2026-10-01(含)以上至2026-11-01(不含)', { from: '2026-10-01', below: '2026-11-01' }], ['2026-10-01 up to but not including 2026-11-01', { from: '2026-10-01', below: '2026-11-01' }], ['2026/10/1-2026/11/1', { from: '2026-10-01', below: '2026-11-01' }], ['2026-10-01～2026-11-01', { from: '2026-10-01', below: '2026-11-01' }], ['2026-10-01 - 2026-11-01', { from: '2026-10-01', below: '2026-11-01' }],
  ['2026-10-01 起至 2026-11-01 前', { from: '2026-10-01', below: '2026-11-01' }], ['from 2026-10-01 until before 2026-11-01', { from: '2026-10-01', below: '2026-11-01' }], ['before 2026-11-01', { below: '2026-11-01' }], ['2026-11-01 前', { below: '2026-11-01' }],
  ['2026-10-01', { in: ['2026-10-01'] }], ['2026年10月1日起', { from: '2026-10-01' }], ['below 2026-11-01', { below: '2026-11-01' }], ['2026-13-01至2026-11-01', null],
])('the days %s', (text, cell) => expect(readCell(text, AMOUNT, 'date', none)?.cell ?? null).toEqual(cell));

test('models and measures are found by their names', () => {
  expect(readModel('超额累进(按比例)', MODELS)?.name).toBe('graduated_percentage');
  expect(readModel('flat', MODELS)?.name).toBe('flat');
  expect(readModel('?', MODELS)).toBeNull();
  const may = [{ count: true }, { sum: 'amount' }] as const;
  expect(readMeasure('金额合计', REBATE.inputs, may)).toEqual({ sum: 'amount' });
  expect(readMeasure('金额', REBATE.inputs, may)).toEqual({ sum: 'amount' });
  expect(readMeasure('笔数', REBATE.inputs, may)).toEqual({ count: true });
});

test('tiers are read from two or three columns, or from spans in words', () => {
  expect(readTiers([['上限', '比例'], ['10万', '1%'], ['50万', '2%'], ['', '3%']], readPercent)).toEqual([{ below: '100000', value: '1' }, { below: '500000', value: '2' }, { below: null, value: '3' }]);
  expect(readTiers([['0', '100000', '1'], ['100000', '500000', '2'], ['500000', '', '3']], readPercent)).toEqual([{ below: '100000', value: '1' }, { below: '500000', value: '2' }, { below: null, value: '3' }]);
  expect(readTiers([['10万(不含)以下', '1'], ['10万-50万', '2'], ['50万以上', '3']], readPercent)).toEqual([{ below: '100000', value: '1' }, { below: '500000', value: '2' }, { below: null, value: '3' }]);
});

test('a table goes to the clipboard and comes back', () => {
  const rows = [['a', 'b "c"'], ['two\nlines', 'tab\there']];
  expect(readTable(asTable(rows))).toEqual(rows);
  expect(readTable('1\t2\r\n3\t4\r\n')).toEqual([['1', '2'], ['3', '4']]);
});
