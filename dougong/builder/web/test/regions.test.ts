// @vitest-environment jsdom
/** Province, city and district in a form that is being filled. */
import { afterEach, expect, test, vi } from 'vitest';

import { forms } from '../src/pages/form';

const INSIDE: Record<string, string[]> = { '44': ['4401', '4403'], '31': ['3101'], '4403': ['440305'] };
const waiting: { parent: string; answer: () => void }[] = [];

/** A form with three boxes; the server answers once `answer` is called. */
function drawn(chosen = ''): HTMLSelectElement[] {
  vi.stubGlobal('fetch', (address: string) => {
    const parent = new URL(address, 'http://x').searchParams.get('parent') ?? '';
    const places = (INSIDE[parent] ?? []).map((code) => ({ code, name: `In ${code}` }));
    return new Promise((resolve) => waiting.push({ parent, answer: () => resolve({ ok: true, json: () => Promise.resolve(places) }) }));
  });
  const provinces = ['44', '31'].map((code) => `<option value="${code}"${code === chosen ? ' selected' : ''}>${code}</option>`).join('');
  const box = (inside: string) => `<select><option value=""></option>${inside}</select>`;
  document.body.innerHTML = `<div data-form data-regions="/regions"><div data-field="address"><div data-region>${box(provinces)}${box('')}${box('')}<input></div></div></div>`;
  forms(document);
  return [...document.querySelectorAll('select')];
}

function choose(level: HTMLSelectElement, code: string): void {
  level.value = code;
  level.dispatchEvent(new Event('change', { bubbles: true }));
}

const offered = (level: HTMLSelectElement) => [...level.options].map((option) => option.value).filter(Boolean);

afterEach(() => {
  waiting.length = 0;
  vi.unstubAllGlobals();
});

test('each box offers what lies in the one before it', async () => {
  const [province, city, district] = drawn() as [HTMLSelectElement, HTMLSelectElement, HTMLSelectElement];
  expect(waiting).toEqual([]);
  choose(province, '44');
  waiting.pop()!.answer();
  await vi.waitFor(() => expect(offered(city)).toEqual(['4401', '4403']));
  choose(city, '4403');
  waiting.pop()!.answer();
  await vi.waitFor(() => expect(offered(district)).toEqual(['440305']));
  choose(province, '');
  expect([offered(city), offered(district)]).toEqual([[], []]);
});

test('a province chosen before the script ran offers its cities all the same', async () => {
  const [, city] = drawn('44') as [HTMLSelectElement, HTMLSelectElement];
  expect(waiting.map((asked) => asked.parent)).toEqual(['44']);
  waiting.pop()!.answer();
  await vi.waitFor(() => expect(offered(city)).toEqual(['4401', '4403']));
});

test('a late answer for a place that is no longer chosen is not shown', async () => {
  const [province, city] = drawn() as [HTMLSelectElement, HTMLSelectElement];
  choose(province, '44');
  choose(province, '31');
  waiting[1]!.answer();
  await vi.waitFor(() => expect(offered(city)).toEqual(['3101']));
  waiting[0]!.answer();
  await new Promise((resolve) => setTimeout(resolve));
  expect(offered(city)).toEqual(['3101']);
});

test('who chooses by hand while a record is filling in the place has what he has chosen', async () => {
  const [province, city, district] = drawn() as [HTMLSelectElement, HTMLSelectElement, HTMLSelectElement];
  document.querySelector('[data-field]')!.dispatchEvent(new CustomEvent('place', { detail: { region: '440305', detail: 'Keyuan Road' } }));
  choose(province, '44');
  expect(waiting.map((asked) => asked.parent)).toEqual(['44', '44']);
  waiting[1]!.answer();
  await vi.waitFor(() => expect(offered(city)).toEqual(['4401', '4403']));
  choose(city, '4403');
  waiting[0]!.answer();
  waiting[2]!.answer();
  await vi.waitFor(() => expect(offered(district)).toEqual(['440305']));
  await new Promise((resolve) => setTimeout(resolve));
  expect([city.value, offered(district), document.querySelector('input')!.value]).toEqual(['4403', ['440305'], 'Keyuan Road']);
});

test('a record fills in the place, box by box, and what hangs on it is decided then', async () => {
  const levels = drawn();
  const felt: string[] = [];
  document.body.addEventListener('change', () => felt.push(levels.map((level) => level.value).join(' ')), { once: true });
  document.querySelector('[data-field]')!.dispatchEvent(new CustomEvent('place', { detail: { region: '440305' } }));
  waiting[0]!.answer();
  await vi.waitFor(() => expect(waiting.length).toBe(2));
  waiting[1]!.answer();
  await vi.waitFor(() => expect(levels.map((level) => level.value)).toEqual(['44', '4403', '440305']));
  expect(felt).toEqual(['44 4403 440305']);
});
