// @vitest-environment jsdom
/** Trees of options: written as an outline in the designer, chosen level by level on a page. */
import { afterEach, expect, test, vi } from 'vitest';

import { fromOutline, outlined } from '../src/builder/options/outline';
import { forms } from '../src/pages/form';

const TREE = fromOutline('家电 | Appliances | home\n  冰箱 | Fridge | fridge\n\t空调||ac\n家具 | Furniture');

test('on a page a condition asks for an option with all that lies below it', () => {
  const tree = JSON.stringify({ home: null, fridge: 'home', ac: 'home', option_4: null });
  const when = JSON.stringify({ combinator: 'and', rules: [{ field: 'sort', operator: 'under', value: ['home'] }] });
  document.body.innerHTML = `<div data-form><div data-field="sort" data-kind="choice" data-tree='${tree}'><select name="f.sort"><option value="ac" selected></option><option value="option_4"></option></select></div><p data-when='${when}'></p></div>`;
  forms(document);
  const part = document.querySelector<HTMLElement>('[data-when]')!;
  expect(part.hidden).toBe(false);
  const select = document.querySelector('select')!;
  select.value = 'option_4';
  select.dispatchEvent(new Event('change', { bubbles: true }));
  expect(part.hidden).toBe(true);
});

afterEach(() => document.body.replaceChildren());

test('an outline is a tree, and a tree the outline again', () => {
  expect(TREE.map(({ key, parent }) => [key, parent])).toEqual([['home', undefined], ['fridge', 'home'], ['ac', 'home'], ['option_4', undefined]]);
  expect(TREE[2]?.title).toEqual({ 'zh-Hans': '空调', en: '空调' });
  expect(fromOutline(outlined(TREE), TREE)).toEqual(TREE);
});

test('an option keeps who it is by its key or its place, and no two have one key', () => {
  const again = fromOutline('家电\n  冰柜 | Freezer | fridge\n  冰柜 | Freezer | fridge\n家具', TREE);
  expect(again.map(({ key }) => key)).toEqual(['home', 'fridge', 'option_3', 'option_4']);
  expect([again[0]?.uid, again[1]?.uid, again[3]?.uid]).toEqual([TREE[0]?.uid, TREE[1]?.uid, TREE[3]?.uid]);
  expect(outlined([{ uid: 'a', key: 'a', title: {}, parent: 'b' }, { uid: 'b', key: 'b', title: {}, parent: 'a' }])).toBe('');
  expect(fromOutline('x\n'.repeat(900))).toHaveLength(500);
});

test('on a page each level offers what lies in the one before, and only a last one is an answer', async () => {
  document.body.innerHTML = `<div data-form><div data-field="sort" data-kind="choice"><div data-cascade='${JSON.stringify(TREE)}'>
    <select name="f.sort"><option value="">Choose</option><option value="fridge" selected>x</option><option value="ac">x</option><option value="option_4">x</option></select></div></div></div>`;
  forms(document);
  await vi.dynamicImportSettled();
  const kept = document.querySelector<HTMLSelectElement>('[name="f.sort"]')!;
  const levels = () => [...document.querySelectorAll<HTMLSelectElement>('select:not([name])')];
  const choose = (level: number, value: string) => {
    levels()[level]!.value = value;
    levels()[level]!.dispatchEvent(new Event('change', { bubbles: true }));
  };
  expect(levels().map(({ value }) => value)).toEqual(['home', 'fridge']);
  choose(1, 'ac');
  expect(kept.value).toBe('ac');
  choose(0, 'option_4');
  expect([kept.value, levels().length]).toEqual(['option_4', 1]);
  choose(0, 'home');
  expect([kept.value, levels().map(({ value }) => value)]).toEqual(['', ['home', '']]);
  kept.value = 'fridge';
  document.querySelector('[data-field]')!.dispatchEvent(new Event('change'));
  expect(levels().map(({ value }) => value)).toEqual(['home', 'fridge']);
});
