/** Ordering the cards: nothing overlaps, nothing overflows, however long or tangled the workflow is. */
import { expect, test } from 'vitest';

import { CARD } from '../src/builder/workflow/edits';
import { arranged, layered, MOST_NODES, type Points } from '../src/builder/workflow/layout';
import type { WorkflowDoc } from '../src/core/types';
import { expectValid, text, workflow } from './documents';

function made(count: number, edges: [number, number][]): WorkflowDoc {
  return {
    ...workflow(),
    nodes: Array.from({ length: count }, (_, index) => ({ uid: `n${index}`, type: 'user_task', title: text(`${index}`) })),
    edges: edges.map(([from, to], index) => ({ uid: `e${index}`, source: `n${from}`, target: `n${to}` })),
    layout: {},
  };
}

const chain = (count: number): [number, number][] => Array.from({ length: count - 1 }, (_, index) => [index, index + 1]);

function expectApart(points: Points): void {
  const placed = Object.values(points);
  expect(placed.every(({ x, y }) => Number.isInteger(x) && Number.isInteger(y))).toBe(true);
  const covering = placed.filter((one, index) =>
    placed.some((other, place) => place > index && Math.abs(one.x - other.x) < CARD.width && Math.abs(one.y - other.y) < CARD.height),
  );
  expect(covering).toEqual([]);
}

test('from left to right, no card on another', async () => {
  const doc = workflow();
  const points = await arranged(doc);
  expectApart(points);
  expect(points['start']?.x).toBeLessThan(points['task']?.x ?? 0);
  expectValid({ ...doc, layout: { nodes: points } } as WorkflowDoc);
});

test('a long workflow stands in rows, each read from left to right, cut where only one way leads on', async () => {
  const points = await arranged(made(30, chain(30)));
  expectApart(points);
  const rows = [...new Set(Object.values(points).map(({ y }) => y))];
  expect(rows.length).toBeGreaterThan(2);
  expect(Math.max(...Object.values(points).map(({ x }) => x)) + CARD.width).toBeLessThanOrEqual(1900);
  const order = Object.entries(points).sort(([, one], [, other]) => one.y - other.y || one.x - other.x);
  expect(order.map(([uid]) => uid)).toEqual(made(30, []).nodes.map(({ uid }) => uid));

  const forks = Array.from({ length: 8 }, (_, index) => 4 * index);
  const pairs = forks.flatMap((n): [number, number][] => [[n, n + 1], [n, n + 2], [n + 1, n + 3], [n + 2, n + 3], [n + 3, n + 4]]);
  const forked = await arranged(made(33, pairs));
  const apart = (one: number, other: number) => Math.abs((forked[`n${one}`]?.y ?? 0) - (forked[`n${other}`]?.y ?? 0));
  for (const n of forks) expect([apart(n, n + 1), apart(n, n + 2), apart(n, n + 3)].every((y) => y < 120)).toBe(true);
});

test('a chain of 3,000 and a ring of 2,000 do not overflow', async () => {
  expectApart(await arranged(made(3000, chain(3000))));
  expectApart(await arranged(made(2000, [...chain(2000), [1999, 0]])));
}, 20_000);

test('as many as dagre is given, in a chain', async () => {
  expectApart(await arranged(made(MOST_NODES, chain(MOST_NODES))));
}, 20_000);

test('a dense graph is layered quickly', async () => {
  const edges: [number, number][] = [];
  for (let from = 0; from < 1000; from += 1) for (let step = 1; step <= 4; step += 1) edges.push([from, (from + step * 7) % 1000]);
  const begun = performance.now();
  expectApart(await arranged(made(1000, edges)));
  expect(performance.now() - begun).toBeLessThan(2000);
});

test('ways that lead nowhere and steps without any way are no trouble', () => {
  const doc = made(3, [[0, 1]]);
  expectApart(layered({ ...doc, edges: [...doc.edges, { uid: 'x', source: 'n0', target: 'gone' }] }));
});
