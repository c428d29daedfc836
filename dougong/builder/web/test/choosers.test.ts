// @vitest-environment jsdom
/** Choosing a colleague or a record: what is answered late, or not at all. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { forms } from '../src/pages/form';

const asked: ((ok: boolean, titles?: string[]) => void)[] = [];

beforeEach(() => {
  vi.stubGlobal('fetch', () => new Promise((resolve) => asked.push((ok, titles = []) => resolve({ ok, json: () => Promise.resolve(titles.map((title) => ({ id: title, title, hint: '' }))) }))));
  document.body.innerHTML = `<div id="toasts"></div><div data-form data-choose="/choose/KIND"><div data-field="who"><div data-chooser="member">
    <input role="combobox"><input type="hidden" name="f.who"><button class="clear"></button><ul role="listbox" id="l" hidden></ul></div></div></div>`;
  forms(document);
});

afterEach(() => {
  asked.length = 0;
  vi.unstubAllGlobals();
});

const box = () => document.querySelector<HTMLInputElement>('[role="combobox"]')!;
const list = () => document.querySelector<HTMLElement>('[role="listbox"]')!;
const settled = () => new Promise((resolve) => setTimeout(resolve, 300));

function type(text: string): void {
  box().value = text;
  box().dispatchEvent(new Event('input', { bubbles: true }));
}

test('what is answered after one has chosen does not open the list again', async () => {
  type('l');
  await vi.waitFor(() => expect(asked.length).toBe(1));
  asked[0]!(true, ['Liu', 'Li']);
  await vi.waitFor(() => expect(list().children.length).toBe(2));
  type('li');
  await vi.waitFor(() => expect(asked.length).toBe(2));
  list().children[1]!.dispatchEvent(new Event('pointerdown', { bubbles: true, cancelable: true }));
  asked[1]!(true, ['Li', 'Lin']);
  await settled();
  expect([box().value, list().hidden]).toEqual(['Li', true]);
});

test('what is answered after one has gone on opens nothing', async () => {
  type('l');
  await vi.waitFor(() => expect(asked.length).toBe(1));
  box().dispatchEvent(new Event('blur'));
  asked[0]!(true, ['Liu']);
  await settled();
  expect(list().hidden).toBe(true);
});

test('where nothing is answered that is said', async () => {
  type('l');
  await vi.waitFor(() => expect(asked.length).toBe(1));
  asked[0]!(false);
  await vi.waitFor(() => expect(document.querySelector('.toast')?.textContent).toBe('app.failed'));
});
