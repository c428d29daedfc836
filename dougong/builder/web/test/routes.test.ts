/** The course of ways: which lead back, at which height they run, how they bend. */
import { expect, test } from 'vitest';

import { channels } from '../src/builder/workflow/channels';
import { CARD } from '../src/builder/workflow/edits';
import { waysBack } from '../src/builder/workflow/loops';
import { course, rounded } from '../src/builder/workflow/route';
import type { WorkflowDoc } from '../src/core/types';
import { text, workflow } from './documents';

const arcs = (...pairs: string[]) => pairs.map((pair) => ({ uid: pair, source: pair.charAt(0), target: pair.charAt(1) }));
const back = (nodes: string, ...pairs: string[]) => [...waysBack([...nodes], arcs(...pairs))].sort();

test('a loop leads back to where it is entered', () => {
  expect(back('sabz', 'sa', 'ab', 'ba', 'bz')).toEqual(['ba']);
  expect(back('sabz', 'sa', 'ab', 'bz')).toEqual([]);
  expect(back('sa', 'sa', 'aa')).toEqual(['aa']);
});

test('returned to one of two branches, the return leads back and not the branch', () => {
  expect(back('suvmrz', 'su', 'sv', 'um', 'vm', 'mr', 'ru', 'rv', 'mz')).toEqual(['ru', 'rv']);
});

test('a shortcut into a loop does not turn its way around', () => {
  expect(back('sabc', 'sa', 'sb', 'ab', 'bc', 'ca')).toEqual(['ca']);
});

test('loops within loops, a ring that nobody enters, and a very long ring', () => {
  expect(back('sabcz', 'sa', 'ab', 'bc', 'cb', 'ca', 'cz')).toEqual(['ca', 'cb']);
  expect(back('abc', 'ab', 'bc', 'ca')).toEqual(['ca']);
  const uids = Array.from({ length: 5000 }, (_, index) => `n${index}`);
  const ring = uids.map((uid, index) => ({ uid: `e${index}`, source: uid, target: uids[(index + 1) % uids.length] as string }));
  expect([...waysBack(uids, ring)]).toEqual(['e4999']);
});

function drawn(points: Record<string, [number, number]>, ...pairs: string[]): WorkflowDoc {
  return {
    ...workflow(),
    nodes: Object.keys(points).map((uid) => ({ uid, type: 'user_task', title: text(uid) })),
    edges: arcs(...pairs),
    layout: { nodes: Object.fromEntries(Object.entries(points).map(([uid, [x, y]]) => [uid, { x, y }])) },
  };
}

test('a way runs at the height of its target, and round a card that stands there', () => {
  expect(channels(drawn({ a: [0, 0], b: [400, 200] }, 'ab')).get('ab')).toBe(200 + CARD.height / 2);
  const around = channels(drawn({ a: [0, 0], x: [400, 200], b: [800, 200] }, 'ab')).get('ab') ?? 0;
  expect(around < 200 || around > 200 + CARD.height).toBe(true);
});

test('ways back run below all cards between, each in a lane of its own', () => {
  const heights = channels(drawn({ a: [0, 0], x: [300, 100], b: [600, 0] }, 'ba', 'bx'));
  const [one, other] = [heights.get('ba') ?? 0, heights.get('bx') ?? 0];
  expect(one).toBeGreaterThan(100 + CARD.height);
  expect(Math.abs(one - other)).toBeGreaterThan(9);
});

test('ways to the beginning of the next row run between the rows, above the branches that begin there', () => {
  const heights = channels(drawn({ a: [600, 0], x: [900, 100], b: [0, 400], y: [300, 350] }, 'ab', 'xb'));
  const [one, other] = [heights.get('ab') ?? 0, heights.get('xb') ?? 0];
  for (const height of [one, other]) {
    expect(height).toBeGreaterThan(100 + CARD.height);
    expect(height).toBeLessThan(350);
  }
  expect(Math.abs(one - other)).toBeGreaterThan(20);
});

test('a straight way has no corners; a bent one has round ones; a narrow gap no hook', () => {
  expect(course({ sourceX: 0, sourceY: 10, targetX: 300, targetY: 10 }, 10).path).toBe('M0,10L300,10');
  expect(
    rounded([
      { x: 0, y: 0 },
      { x: 50, y: 0 },
      { x: 50, y: 50 },
    ]),
  ).toBe('M0,0L42,0Q50,0 50,8L50,50');
  const narrow = course({ sourceX: 0, sourceY: 0, targetX: 40, targetY: 100 }, 100).path;
  expect([...narrow.matchAll(/[ML ](-?[\d.]+),/g)].map((found) => Number(found[1])).every((x) => x >= 0 && x <= 40)).toBe(true);
});
