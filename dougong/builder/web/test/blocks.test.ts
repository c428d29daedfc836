/** Steps folded away: which branches belong together, what is drawn of them, and where lines and moves go. */
import { expect, test } from 'vitest';

import { cardOf, carriedAlong, collapsed, endWithin, placesOf, standing } from '../src/builder/workflow/blocks';
import { branchOf, dominators, outermost } from '../src/builder/workflow/dominance';
import type { WorkflowDoc } from '../src/core/types';
import { text, workflow } from './documents';

/** From lines such as "start>d d>a": every step stands one further right. */
function drawn(ways: string, types: Record<string, string> = {}): WorkflowDoc {
  const edges = ways.split(' ').map((way) => ({ uid: way, source: way.split('>')[0] ?? '', target: way.split('>')[1] ?? '' }));
  const uids = [...new Set(edges.flatMap(({ source, target }) => [source, target]))];
  const nodes = uids.map((uid) => ({ uid, type: types[uid] ?? (uid === 'start' ? 'start' : 'user_task'), title: text(uid), config: {} }));
  return { ...workflow(), nodes, edges, layout: { nodes: Object.fromEntries(uids.map((uid, index) => [uid, { x: index * 300, y: 0 }])) } };
}

const branch = (doc: WorkflowDoc, uid: string) => branchOf(doc, uid)?.toSorted();

test('branches are folded up to where they meet; a join that only they lead to goes with them', () => {
  expect(branch(drawn('start>d d>a d>b a>m b>m m>end'), 'd')).toEqual(['a', 'b', 'd']);
  expect(branch(drawn('start>d d>a d>b a>m b>m m>end', { m: 'join' }), 'd')).toEqual(['a', 'b', 'd', 'm']);
  expect(branch(drawn('start>o o>d o>m d>a d>b a>m b>m m>end', { m: 'join' }), 'd')).toEqual(['a', 'b', 'd']);
  expect(branch(drawn('start>d d>a d>m a>m m>end'), 'd')).toEqual(['a', 'd']);
});

test('branches that never meet, and a step with one way, are no block', () => {
  expect(branch(drawn('start>d d>a d>b a>end b>other'), 'd')).toBeUndefined();
  expect(branch(drawn('start>d d>end'), 'd')).toBeUndefined();
  expect(branch(drawn('start>a start>b a>end b>end'), 'start')).toBeUndefined();
});

test('what can be reached past the branching step is not folded, nor what comes before it', () => {
  expect(branch(drawn('start>o o>d o>b d>a d>b a>m b>m m>end'), 'd')).toEqual(['a', 'd']);
  expect(branch(drawn('start>o o>d d>a d>b a>m b>o m>end'), 'd')).toEqual(['b', 'd']);
});

test('all at once: the outermost', () => {
  const doc = drawn('start>d d>a d>b a>i i>x i>y x>j y>j j>m b>m m>e e>p e>q p>end q>end', { j: 'join' });
  expect(outermost(doc).map((block) => block.toSorted())).toEqual([['a', 'b', 'd', 'i', 'j', 'x', 'y'], ['e', 'p', 'q']]);
});

test('dominators agree with what cannot be reached without them', () => {
  const doc = drawn('s>a s>b a>c b>c c>d d>a d>e e>f c>f f>s e>g');
  const onward = new Map(doc.nodes.map(({ uid }) => [uid, doc.edges.filter((edge) => edge.source === uid).map((edge) => edge.target)]));
  const backward = new Map(doc.nodes.map(({ uid }) => [uid, doc.edges.filter((edge) => edge.target === uid).map((edge) => edge.source)]));
  const without = (gone: string) => {
    const seen = new Set(['s']);
    for (const one of seen) for (const next of onward.get(one) ?? []) if (next !== gone) seen.add(next);
    return seen;
  };
  const nearest = dominators('s', onward, backward);
  for (const { uid } of doc.nodes.filter((node) => node.uid !== 's')) {
    const chain = new Set<string>();
    for (let at = nearest.get(uid); at !== undefined; at = nearest.get(at)) chain.add(at);
    for (const { uid: other } of doc.nodes) if (other !== uid) expect([uid, other, chain.has(other)]).toEqual([uid, other, other === 's' || !without(other).has(uid)]);
  }
});

test('one card is drawn for a block: lines lead to it, those within are gone, and the document is what it was', () => {
  const doc = drawn('start>d d>a d>b a>m b>m m>end');
  const blocks = standing(doc, [['b', 'd', 'a']]);
  const [block = []] = blocks;
  expect(block).toEqual(['d', 'a', 'b']);
  const seen = collapsed(doc, blocks);
  expect(seen.nodes.map((node) => node.uid)).toEqual(['start', cardOf(block), 'm', 'end']);
  expect(seen.edges.map(({ source, target }) => `${source}>${target}`)).toEqual([`start>${cardOf(block)}`, `${cardOf(block)}>m`, 'm>end']);
  expect(seen.layout?.nodes?.[cardOf(block)]).toEqual({ x: 300, y: 0 });
  expect(doc).toEqual(drawn('start>d d>a d>b a>m b>m m>end'));
  expect(placesOf(doc, block)).toEqual(['d', 'a', 'b'].map((uid) => ({ group: 'nodes', uid })));
});

test('a block of which one step is left is none any more', () => {
  const doc = drawn('start>d d>end');
  expect(standing(doc, [['d', 'gone']])).toEqual([]);
  expect(collapsed(doc, standing(doc, [['d', 'gone']]))).toBe(doc);
});

test('what a card holds moves with it', () => {
  const doc = drawn('start>d d>a a>end');
  expect(carriedAlong(doc, [['d', 'a']], { [cardOf(['d'])]: { x: 310, y: 40 }, end: { x: 0, y: 0 } })).toEqual({ d: { x: 310, y: 40 }, a: { x: 610, y: 40 }, end: { x: 0, y: 0 } });
});

test('a line to a card leads to the one step by which it is entered; one out of it leaves the one that is left, else none', () => {
  const doc = drawn('start>d d>a d>b a>m b>m m>end');
  expect(endWithin(doc, [['d', 'a', 'b']], cardOf(['d']), 'target')).toBe('d');
  expect(endWithin(doc, [['d', 'a', 'b']], cardOf(['d']), 'source')).toBe('');
  expect(endWithin(doc, [['d', 'a', 'b', 'm']], cardOf(['d']), 'source')).toBe('m');
  expect(endWithin(doc, [['d', 'a', 'b']], 'm', 'source')).toBe('m');
});
