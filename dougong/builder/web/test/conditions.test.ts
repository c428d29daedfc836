/** Edits of condition trees, and numbers as people type them. */
import { expect, test } from 'vitest';

import { readNumber } from '../src/builder/parts/NumberBox';
import { changed } from '../src/builder/workflow/widgets/PeopleWidget';
import { added, changeAt, emptyTree, newRule, removed, withField, withOperator, withSource } from '../src/core/conditions';
import { compare, exact } from '../src/core/exact';
import type { Rule, Tree } from '../src/core/types';
import { FIELDS, OPERATORS } from './documents';

const field = (key: string) => FIELDS.find((one) => one.key === key)!;
const operator = (name: string) => OPERATORS.find((one) => one.name === name)!;
const rule: Rule = { uid: 'r', field: 'cost', operator: 'greater', value: '5' };
const tree = (): Tree => ({ combinator: 'and', rules: [rule, { combinator: 'or', rules: [{ field: 'urgent', operator: 'is_true' }] }] });

test('rules are added and changed where they stand', () => {
  const fresh = newRule(field('level'), [operator('equals')]);
  expect(added(tree(), [1], fresh).rules[1]).toMatchObject({ rules: [{ field: 'urgent' }, { field: 'level', operator: 'equals' }] });
  expect(changeAt(tree(), [1, 0], () => rule).rules[1]).toMatchObject({ rules: [rule] });
  expect(emptyTree().rules).toEqual([]);
});

test('a group that is left empty goes with its last rule; the last of all leaves no condition', () => {
  expect(removed(tree(), [1, 0])?.rules).toEqual([rule]);
  expect(removed({ combinator: 'and', rules: [rule] }, [0])).toBeUndefined();
});

test('another operator keeps what can still be compared with', () => {
  expect(withOperator(rule, operator('between')).value).toEqual(['5', '']);
  expect(withOperator({ ...rule, value: ['a', 'b'] }, operator('equals')).value).toBe('a');
  expect(withOperator(rule, operator('empty'))).not.toHaveProperty('value');
  expect(withOperator({ ...rule, source: 'field', value: 'limit' }, operator('between'))).not.toHaveProperty('value');
});

test('another field keeps a value only where it means the same', () => {
  expect(withField(rule, field('cost'), field('limit'), [operator('equals'), operator('greater')])).toMatchObject({
    field: 'limit',
    operator: 'greater',
    value: '5',
  });
  expect(withField(rule, field('cost'), field('level'), [operator('equals')])).toEqual({ uid: 'r', field: 'level', operator: 'equals' });
});

test('with a value or with a field', () => {
  expect(withSource(rule, 'field')).toEqual({ uid: 'r', field: 'cost', operator: 'greater', source: 'field' });
  expect(withSource({ ...rule, source: 'field', value: 'limit' }, 'value')).not.toHaveProperty('source');
});

test.each([
  ['1,234.50', '1234.50'],
  ['００１２', '12'],
  ['-0', '0'],
  ['', ''],
  ['1e5', null],
  ['1.2.3', null],
  ['12,5', null],
  ['abc', null],
  ['-3.5', '-3.5'],
])('%s is read as %s', (typed, read) => expect(readNumber(typed)).toBe(read));

test('whole numbers within bounds', () => {
  expect(readNumber('3', true, 2, 9)).toBe('3');
  expect(readNumber('1', true, 2, 9)).toBeNull();
  expect(readNumber('2.5', true)).toBeNull();
});

test('exact comparison agrees with whole numbers of cents', () => {
  for (let round = 0; round < 500; round += 1) {
    const [a, b] = [0, 1].map(() => Math.round((Math.random() - 0.5) * 10 ** (1 + (round % 12))));
    const cents = (value: number) => `${value < 0 ? '-' : ''}${Math.floor(Math.abs(value) / 100)}.${String(Math.abs(value) % 100).padStart(2, '0')}`;
    expect(Object.is(compare(exact(cents(a!)), exact(cents(b!))), Math.sign(a! - b!)) || a === b).toBe(true);
  }
  expect(compare(exact('0.1'), exact('0.10'))).toBe(0);
  expect(compare(exact('9007199254740993'), exact('9007199254740992'))).toBe(1);
});

test('another way to say who keeps what it shares with the last', () => {
  expect(changed({ by: 'role', role: 'desk' }, 'role_in_unit')).toEqual({ by: 'role_in_unit', role: 'desk', unit: { of: 'initiator' } });
  expect(changed({ by: 'role_in_unit', role: 'desk', unit: { of: 'field', field: 'store' } }, 'unit_head')).toEqual({
    by: 'unit_head',
    unit: { of: 'field', field: 'store' },
  });
  expect(changed({ by: 'role', role: 'desk' }, 'customer')).toEqual({ by: 'customer' });
});

test('a value does not go along to an operator that compares with something else', () => {
  const [date, days] = [OPERATORS.find((one) => one.name === 'equals')!, OPERATORS.find((one) => one.name === 'last_days')!];
  const rule: Rule = { uid: 'r', field: 'day', operator: 'equals', value: '2026-03-05' };
  expect(withOperator(rule, days, date)).toEqual({ uid: 'r', field: 'day', operator: 'last_days' });
});
