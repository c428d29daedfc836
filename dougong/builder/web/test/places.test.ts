/** Where a problem is: found again by the address that leads to its editor. */
import { expect, test } from 'vitest';

import { hashOf, placeAt, placesOf } from '../src/core/pointer';
import type { Problem } from '../src/core/types';
import { FORM } from './form/a-form';

const problem = (more: Partial<Problem>) => ({ nodes: [], edges: [], fields: [], path: '', ...more }) as unknown as Problem;

test.each([
  [{ path: '/sections/0/fields/0/title' }],
  [{ path: '/sections/0' }],
  [{ fields: ['phone'] }],
  [{ nodes: ['n~1'], path: '/nodes/0/config' }],
  [{ edges: ['e'] }],
])('%o', (more) => {
  const places = placesOf(FORM, problem(more));
  expect(places).toHaveLength(1);
  expect(placeAt(FORM, hashOf(problem(more)))).toEqual(places[0]);
});

test('what is nowhere, and other addresses', () => {
  expect(hashOf(problem({}))).toBe('');
  for (const hash of ['', '#texts', '#at:', '#at:/title']) expect(placeAt(FORM, hash)).toBeNull();
});
