/** The vectors that the server's tests run too: both sides give the same answers. */
import { expect, test } from 'vitest';

import { ConditionFault, foresee, holds, type Data, type Kinds, type Trees } from '../src/core/rules';
import type { Tree } from '../src/core/types';
import { clockAt } from '../src/core/clock';
import conditions from '../../../schemas/vectors/conditions.json';
import operators from '../../../schemas/vectors/operators.json';

interface Vector {
  name: string;
  kinds: Kinds;
  tree: Tree;
  data: Data;
  trees?: Trees;
  /** The moment at which it is asked, and the zone of the company. */
  now?: string;
  zone?: string;
  holds: boolean | 'fault';
}

const vectors = [...conditions, ...operators] as unknown as Vector[];

test('there are vectors', () => expect(vectors.length).toBeGreaterThan(0));

test.each(vectors.map((one) => [one.name, one] as const))('%s', (_name, { tree, kinds, data, trees, now, zone, holds: expected }) => {
  const clock = now && zone ? clockAt(new Date(now), zone) : undefined;
  if (expected === 'fault') expect(() => holds(tree, kinds, data, clock, trees)).toThrow(ConditionFault);
  else expect(holds(tree, kinds, data, clock, trees)).toBe(expected);
});

test('what has not been asked yet is not known', () => {
  const tree: Tree = {
    combinator: 'and',
    rules: [
      { field: 'a', operator: 'equals', value: '1' },
      { field: 'b', operator: 'equals', value: '2' },
    ],
  };
  const kinds = { a: 'text', b: 'text' };
  expect(foresee(tree, kinds, { a: '1' })).toBeNull();
  expect(foresee(tree, kinds, { a: 'x' })).toBe(false);
  expect(foresee(tree, kinds, { a: '1', b: '2' })).toBe(true);
});
