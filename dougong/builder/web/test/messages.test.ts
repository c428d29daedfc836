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

test('what is said before an inspector or a dialog is loaded comes with the first part of the catalogue', () => {
  const more = new Set(Object.entries(areas).flatMap(([file, area]) => (/\/(problems|(builder_)?settlement|builder_(forms|functions|calendar|tables|life))\.json$/.test(file) ? Object.keys(area) : [])));
  const first = closure(['../src/builder/main.tsx', '../src/builder/workflow/index.tsx']);
  expect(first.size).toBeGreaterThan(50);
  expect(said.filter(([code, file]) => first.has(file) && more.has(code))).toEqual([]);
});

/** The files that are loaded with these: what they import, except lazily. */
function closure(entries: string[]): ReadonlySet<string> {
  const found = new Set<string>();
  const visit = (file: string): void => {
    if (found.has(file)) return;
    found.add(file);
    for (const [, named] of (sources[file] ?? '').matchAll(/^(?:import|export) (?!type )[^;]*?from '(\.[^']+)'/gms)) {
      const base = new URL(named ?? '', `file:///test/${file}`).pathname.replace('/src/', '../src/');
      const target = ['.ts', '.tsx', '/index.ts', '/index.tsx'].map((end) => base + end).find((one) => one in sources);
      if (target) visit(target);
    }
  };
  entries.forEach(visit);
  return found;
}
