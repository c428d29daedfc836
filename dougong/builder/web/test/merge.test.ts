/** Two on one draft: what both say, whatever they did; and nothing lost. */
import { describe, expect, test } from 'vitest';

import { putTogether, takenApart } from '../src/core/elements';
import { merge, type Choices, type Side } from '../src/core/merge';
import { connect } from '../src/builder/workflow/edits';
import { remove } from '../src/builder/workflow/removing';
import { same } from '../src/core/same';
import type { Field, FormDoc, WorkflowDoc } from '../src/core/types';
import { hand } from './changing';
import { workflow } from './documents';
import { FORM } from './form/a-form';
import { DISPATCH } from './table/a-table';

const ROUNDS = Number(process.env['ROUNDS'] ?? 100);
const DOCS: [string, object][] = [['workflow', workflow()], ['form', FORM], ['table', DISPATCH]];

const seeds = Array.from({ length: ROUNDS }, (_, seed) => seed);
const all = (side: Side, found: { collisions: { id: string }[] }): Choices => new Map(found.collisions.map(({ id }) => [id, side]));

function expectSame(one: unknown, other: unknown, seed: number): void {
  if (!same(one, other)) expect(one, `seed ${seed}`).toEqual(other);
}

describe.each(DOCS)('a %s, changed at random', (_, base) => {
  test('taken apart and put together it is the same', () => {
    for (const seed of seeds) {
      const doc = hand(seed, 'a').change(base, 9);
      expectSame(putTogether(takenApart(doc)), doc, seed);
    }
  });

  test('by one of them: it is as that one has it', () => {
    for (const seed of seeds) {
      const doc = hand(seed, 'a').change(base, 9);
      for (const found of [merge(base, doc, base), merge(base, base, doc), merge(base, doc, doc)]) {
        expect(found.collisions, `seed ${seed}`).toEqual([]);
        expectSame(found.doc, doc, seed);
      }
    }
  });

  test('by both: who merges makes no difference where nothing collides, and where all is chosen the other way round', () => {
    let collided = 0;
    for (const seed of seeds) {
      const [mine, theirs] = [hand(seed, 'm').change(base, 4), hand(seed, 't').change(base, 4)];
      const [found, turned] = [merge(base, mine, theirs), merge(base, theirs, mine)];
      collided += Number(found.collisions.length > 0);
      expect(turned.collisions.map(({ id }) => id).sort(), `seed ${seed}`).toEqual(found.collisions.map(({ id }) => id).sort());
      expectSame(merge(base, theirs, mine, all('theirs', turned)).doc, found.doc, seed);
    }
    expect(collided).toBeGreaterThan(ROUNDS / 20);
    expect(collided).toBeLessThan(ROUNDS);
  });

  test('by both: no element is lost that nobody removed, and every setting that one of them changed is there', () => {
    for (const seed of seeds) {
      const [mine, theirs] = [hand(seed, 'm').change(base, 4), hand(seed, 't').change(base, 4)];
      const [before, one, other, out] = [base, mine, theirs, merge(base, mine, theirs).doc].map(takenApart) as [Apart, Apart, Apart, Apart];
      for (const [id, element] of one) {
        const removed = before.has(id) && !other.has(id);
        const holder = out.has(element.parent) || !element.parent;
        if (!removed && holder) expect(out.has(id), `seed ${seed}: ${id}`).toBe(true);
        if (!out.has(id)) continue;
        for (const [path, value] of element.own)
          if (!same(value, before.get(id)?.own.get(path))) expect(out.get(id)?.own.get(path), `seed ${seed}: ${id} ${path}`).toEqual(value);
      }
      for (const id of other.keys()) if (one.has(id)) expect(out.has(id), `seed ${seed}: ${id}`).toBe(true);
    }
  });

  test('a merge is a draft like any other: it is merged again with what comes next', () => {
    for (const seed of seeds) {
      const [mine, theirs] = [hand(seed, 'm').change(base, 3), hand(seed, 't').change(base, 3)];
      const { doc } = merge(base, mine, theirs);
      expectSame(merge(theirs, doc, theirs).doc, doc, seed);
    }
  });
});

type Apart = ReturnType<typeof takenApart>;

const field = (doc: FormDoc, uid: string) => doc.sections.flatMap((section) => section.fields).find((one) => one.uid === uid) as Field;
function changed(doc: FormDoc, edit: (doc: FormDoc) => void): FormDoc {
  const next = structuredClone(doc);
  edit(next);
  return next;
}

test('one names it in Chinese, the other in English', () => {
  const mine = changed(FORM, (doc) => (field(doc, 'phone').title['zh-Hans'] = '手机'));
  const theirs = changed(FORM, (doc) => (field(doc, 'phone').title['en'] = 'Mobile'));
  expect(field(merge(FORM, mine, theirs).doc, 'phone').title).toEqual({ 'zh-Hans': '手机', en: 'Mobile' });
});

test('a field that one of them moved to another section is found there by the other', () => {
  const mine = changed(FORM, (doc) => doc.sections[2]?.fields.push(...(doc.sections[0]?.fields.splice(1, 1) ?? [])));
  const theirs = changed(FORM, (doc) => (field(doc, 'phone').required = true));
  const { doc, collisions } = merge(FORM, mine, theirs);
  expect(collisions).toEqual([]);
  expect(doc.sections.map(({ fields }) => fields.map(({ uid }) => uid))).toEqual([['customer'], ['fault', 'where', 'hours', 'price'], ['phone']]);
  expect(field(doc, 'phone').required).toBe(true);
});

test('both changed the same: asked with the three values, and done as is chosen', () => {
  const mine = changed(FORM, (doc) => (field(doc, 'phone').title['en'] = 'Mobile'));
  const theirs = changed(FORM, (doc) => (field(doc, 'phone').title['en'] = 'Telephone'));
  const found = merge(FORM, mine, theirs);
  expect(found.collisions).toEqual([{ id: 'value fields/phone title/en', element: 'fields/phone', part: 'title/en', is: 'value', base: 'phone', mine: 'Mobile', theirs: 'Telephone' }]);
  expect(field(merge(FORM, mine, theirs, all('theirs', found)).doc, 'phone').title['en']).toBe('Telephone');
});

test('one removes a section, the other puts a field into it: asked, and kept until then', () => {
  const mine = changed(FORM, (doc) => doc.sections[2]?.fields.push({ uid: 'new', key: 'new', type: 'text', title: { en: 'New' } }));
  const theirs = changed(FORM, (doc) => doc.sections.splice(2, 1));
  const found = merge(FORM, mine, theirs);
  expect(found.collisions).toMatchObject([{ is: 'removed', element: 'sections/empty', mine: true, theirs: false }]);
  expect(field(found.doc, 'new').key).toBe('new');
  expect(merge(FORM, mine, theirs, all('theirs', found)).doc).toEqual(theirs);
});

test('one removes a step, the other draws a way to it: asked', () => {
  const mine = connect(workflow(), 'a', 'b') as WorkflowDoc;
  const theirs = remove(workflow(), [{ group: 'nodes', uid: 'b' }]) as WorkflowDoc;
  const found = merge<WorkflowDoc>(workflow(), mine, theirs);
  expect(found.collisions).toMatchObject([{ is: 'removed', element: 'nodes/b' }]);
  expect(found.doc.nodes.map(({ uid }) => uid)).toContain('b');
});

test('a step that one of them makes another kind of step does not get the settings of the old kind', () => {
  const retyped = (type: string) => ({ ...workflow(), nodes: workflow().nodes.map((node) => (node.uid === 'task' ? { ...node, type, config: { to: [] } } : node)) });
  const given = { ...workflow(), nodes: workflow().nodes.map((node) => (node.uid === 'task' ? { ...node, config: { who: { by: 'customer' } } } : node)) };
  const found = merge<WorkflowDoc>(workflow(), retyped('notify'), given);
  expect(found.collisions).toMatchObject([{ is: 'value', element: 'nodes/task', part: 'type', mine: 'notify', theirs: 'user_task' }]);
  expect(found.doc.nodes.find(({ uid }) => uid === 'task')).toMatchObject({ type: 'notify', config: { to: [] } });
  expect(merge<WorkflowDoc>(workflow(), retyped('notify'), given, all('theirs', found)).doc).toEqual(given);
});

test('a uid that stands twice in a list loses neither', () => {
  const doubled = { ...workflow(), nodes: [...workflow().nodes, ...workflow().nodes.slice(0, 1)] };
  expect(merge<WorkflowDoc>(workflow(), doubled, workflow()).doc).toEqual(doubled);
});
