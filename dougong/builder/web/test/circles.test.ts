/** No module of the island needs itself by way of others. What is loaded later (`import()`), and types, may look back. */
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { expect, test } from 'vitest';

const SRC = resolve(__dirname, '../src');
const STATIC = /^(?:import|export)(?! type\b)[^'"();]*?(?:from\s*)?['"](\.[^'"]+)['"]/gm;

const files = readdirSync(SRC, { recursive: true, encoding: 'utf-8' }).filter((path) => /\.tsx?$/.test(path)).map((path) => join(SRC, path));
const known = new Set(files);

function needs(file: string, source: string): string[] {
  const named = [...source.matchAll(STATIC)].map((found) => resolve(dirname(file), found[1] ?? ''));
  return named.flatMap((path) => ['', '.ts', '.tsx', '/index.ts', '/index.tsx'].map((end) => path + end).filter((path) => known.has(path)));
}

/** A module that is come back to, by way of which others; none where there is no circle. */
function circle(graph: Map<string, string[]>): string[] | null {
  const done = new Set<string>();
  const walk = (file: string, way: string[]): string[] | null => {
    if (way.includes(file)) return [...way.slice(way.indexOf(file)), file];
    if (done.has(file)) return null;
    for (const next of graph.get(file) ?? []) {
      const found = walk(next, [...way, file]);
      if (found) return found;
    }
    done.add(file);
    return null;
  };
  for (const file of graph.keys()) {
    const found = walk(file, []);
    if (found) return found;
  }
  return null;
}

test('no circle', () => {
  const graph = new Map(files.map((file) => [file, needs(file, readFileSync(file, 'utf-8'))]));
  expect([...graph.values()].flat().length).toBeGreaterThan(files.length); // the imports are found
  expect(circle(graph)).toBeNull();
});

test('a planted one is found', () => {
  expect(circle(new Map([['a', ['b']], ['b', ['c', 'd']], ['c', []], ['d', ['b']]]))).toEqual(['b', 'd', 'b']);
});
