/** Every code that the island says is in the catalogue, in both languages, and in one place only. */
import { expect, test } from 'vitest';

import { LANGUAGES } from '../src/core/i18n';
import { CATALOGUE } from '../src/core/messages';
import type { Text } from '../src/core/types';

const sources = import.meta.glob<string>('../src/{builder,core}/**/*.{ts,tsx}', { eager: true, query: '?raw', import: 'default' });
const areas = import.meta.glob<Record<string, Text>>('../../../messages/*.json', { eager: true, import: 'default' });

const said = Object.entries(sources).flatMap(([file, source]) =>
  [...source.matchAll(/'(builder\.[a-zA-Z0-9_.-]+)'/g)].map((found) => [found[1] ?? '', file] as const),
);

test('there are many', () => expect(said.length).toBeGreaterThan(100));

test('all that is said is known', () => {
  expect(said.filter(([code]) => !(code in CATALOGUE) && !prefix(code))).toEqual([]);
});

test('in both languages', () => {
  const lacking = Object.entries(CATALOGUE).filter(([code, text]) => code.startsWith('builder.') && LANGUAGES.some((tag) => !text[tag]));
  expect(lacking.map(([code]) => code)).toEqual([]);
});

test('in one area only', () => {
  const all = Object.values(areas).flatMap((area) => Object.keys(area));
  expect(all.filter((code, index) => all.indexOf(code) !== index)).toEqual([]);
});

/** `builder.group` is completed where it is said. */
function prefix(code: string): boolean {
  return Object.keys(CATALOGUE).some((known) => known.startsWith(`${code}.`));
}
