import { expect, test } from 'vitest';

import { decimal, fixed, grouped, hundredth, minus, order, plain, plus, rounded, times, ZERO, type Decimal } from '../src/core/decimal';

const d = (text: string): Decimal => decimal(text) ?? ZERO;

test('sums and products are exact', () => {
  expect(plain(plus(d('0.1'), d('0.2')))).toBe('0.3');
  expect(plain(minus(d('1'), d('0.9')))).toBe('0.1');
  expect(plain(hundredth(times(d('499999'), d('2'))))).toBe('9999.98');
  expect(plain(times(d('-1.5'), d('0.2')))).toBe('-0.3');
});

test('half is rounded away from zero', () => {
  expect(fixed(rounded(d('1.005'), 2))).toBe('1.01');
  expect(fixed(rounded(d('-2.5'), 0))).toBe('-3');
  expect(fixed(rounded(d('2'), 2))).toBe('2.00');
});

test('order, and what is no number', () => {
  expect([order(d('1'), d('1.00')), order(d('0.9'), d('1')), order(d('-1'), d('-2'))]).toEqual([0, -1, 1]);
  expect([decimal(''), decimal('1e5'), decimal('abc'), decimal(undefined)]).toEqual([null, null, null, null]);
  expect(plain(d('100'))).toBe('100');
});

test('thousands are separated', () => {
  expect(grouped('1234567.50')).toBe('1,234,567.50');
  expect(grouped('-1234')).toBe('-1,234');
  expect(grouped('999')).toBe('999');
});
