/** The texts of a document side by side, and where something is named. */
import { expect, test } from 'vitest';

import { lacks, languagesIn, textsIn, translated } from '../src/core/texts';
import { readFrom, tableOf, taken } from '../src/core/translator';
import { usesIn, withInner } from '../src/core/uses';
import { triple } from './triple';
import { workflow } from './documents';
import { FORM } from './form/a-form';
import { DISPATCH } from './table/a-table';

test('every text is there, with what it belongs to', () => {
  const found = textsIn(FORM).map(({ group, name, part, text }) => [group, name, part, text['en']]);
  expect(found[0]).toEqual(['', '报修', '名称', 'Repair']);
  expect(found).toContainEqual(['字段', 'phone', '名称', 'phone']);
  expect(found).toContainEqual(['选项', '漏水', '名称', 'Leak']);
  expect(found).toHaveLength(1 + 2 + 6 + 2);
});

test('what is missing in a language is told, a language that only some texts have too', () => {
  const doc = { ...FORM, title: { 'zh-Hans': '报修', fr: 'Réparation' }, description: { 'zh-Hans': '说明', en: '  ' } };
  const texts = textsIn(doc);
  expect(languagesIn(texts)).toEqual(['zh-Hans', 'en', 'fr']);
  expect(texts.filter(({ text }) => lacks(text, 'en')).map(({ part }) => part)).toEqual(['名称', '说明']);
});

test('a translation is an edit like any other: done, undone, done again', () => {
  const option = textsIn(FORM).find(({ text }) => text['en'] === 'Leak');
  if (!option) throw new Error('no such option');
  const edited = triple(FORM, (doc) => translated(doc, option, 'en', 'Leaking'));
  expect(textsIn(edited).map(({ text }) => text['en'])).toContain('Leaking');
  expect(translated(FORM, option, 'en', '').sections[1]?.fields[0]?.config).toMatchObject({ options: [{}, { title: { 'zh-Hans': '漏水' } }] });
});

const TAGS = ['zh-Hans', 'en', 'ja'];
const filledIn = (words: (row: string[], index: number) => string) => tableOf(textsIn(FORM), TAGS).map((row, index) => (index ? [...row.slice(0, 4), words(row, index)] : row));

test('what a translator fills in comes back to its text, wherever that stands by now', () => {
  const rows = filledIn((row) => `${row[2]}!`);
  const moved = { ...FORM, sections: FORM.sections.toReversed() };
  const found = readFrom(rows, textsIn(moved), TAGS);
  if (!found) throw new Error('no table of ours');
  expect(found).toMatchObject({ stale: 0, foreign: 0, long: 0 });
  const edited = triple(moved, (doc) => taken(doc, found));
  for (const { text } of textsIn(edited)) expect(text['ja']).toBe(`${text['zh-Hans']}!`);
});

test('several languages of one text are taken together; an empty cell takes nothing away', () => {
  const [head = [], first = []] = tableOf(textsIn(FORM), TAGS);
  const found = readFrom([head, [first[0] ?? '', '', '报修', 'A repair', '修理']], textsIn(FORM), TAGS);
  expect(taken(FORM, found ?? { words: [], stale: 0, foreign: 0, long: 0 }).title).toEqual({ 'zh-Hans': '报修', en: 'A repair', ja: '修理' });
  expect(readFrom([head, [first[0] ?? '', '', '报修', '', '']], textsIn(FORM), TAGS)?.words).toEqual([]);
});

test('rows of which the original has changed, foreign rows and texts that are too long are left out and counted', () => {
  const rows = filledIn((_, index) => (index === 2 ? 'x'.repeat(2001) : index === 3 ? 'ok' : ''));
  (rows[1] as string[])[2] = '旧的';
  const found = readFrom([...rows, ['nodes/gone/title', '', 'a', 'b', 'c']], textsIn(FORM), TAGS);
  expect([found?.words.length, found?.stale, found?.foreign, found?.long]).toEqual([1, 1, 1, 1]);
  expect(readFrom([['a', 'b'], ['1', '2']], textsIn(FORM), TAGS)).toBeNull();
});

test('a text stays one in a language of the platform', () => {
  const [title] = textsIn({ ...FORM, title: { 'zh-Hans': '报修', ja: '修理' } });
  if (!title) throw new Error('no title');
  expect(translated(FORM, title, 'zh-Hans', '').title).toEqual({ 'zh-Hans': '', ja: '修理' });
});

const ids = (uses: { id: string }[]) => uses.map(({ id }) => id);

test('a field is named in conditions, formulas, defaults that are filled in, and not by its own title', () => {
  expect(ids(usesIn(FORM, 'phone', withInner(FORM, 'fields', 'phone')))).toEqual(['fields/customer', 'sections/what', 'fields/where']);
  expect(ids(usesIn(FORM, 'hours', withInner(FORM, 'fields', 'hours')))).toEqual(['fields/price']);
  expect(ids(usesIn(FORM, 'ROUND'))).toEqual([]);
});

test('a step is named by the ways to it and by who is asked there; a column by the cells below it', () => {
  expect(ids(usesIn(workflow(), 'a', withInner(workflow(), 'nodes', 'a'))).filter((id) => id.startsWith('nodes'))).toEqual(['nodes/b']);
  expect(ids(usesIn(DISPATCH, 'amount', withInner(DISPATCH, 'inputs', 'amount')))).toEqual(['rules/r1', 'rules/r2']);
});
