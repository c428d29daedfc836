import { expect, test } from 'vitest';

import { currencyChoices, currencyTitle, readCurrency } from '../../src/builder/settlement/currencies';

test('every currency that there is is offered, those in frequent use first', () => {
  const codes = currencyChoices('XYZ').map((one) => one.value);
  expect(codes.slice(0, 2)).toEqual(['CNY', 'HKD']);
  expect(codes).toEqual(expect.arrayContaining(['KWD', 'SAR', 'XYZ']));
  expect(new Set(codes).size).toBe(codes.length);
});

test('what has been withdrawn is offered only where it is chosen', () => {
  const offered = (now?: string) => currencyChoices(now).filter(({ value }) => ['HRK', 'SLL', 'ZWL'].includes(value));
  expect(offered()).toEqual([]);
  expect(offered('HRK')).toEqual([{ value: 'HRK', title: currencyTitle('HRK') }]);
  expect(readCurrency('hrk')).toBe('HRK');
});

test.each([['kwd', 'KWD'], [' CNY ', 'CNY'], [currencyTitle('JPY'), 'JPY'], ['CNX', null], ['RMB1', null], ['', null]])('%s is read as %s', (text, code) => expect(readCurrency(text)).toBe(code));
