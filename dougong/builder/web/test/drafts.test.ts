// @vitest-environment jsdom
/** Drafts of filled forms: kept as one types, offered again, gone when the form was taken or its writer signs out. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { chrome } from '../src/pages/chrome';
import { drafts, sentDrafts } from '../src/pages/drafts';

const PAGE = `<form data-draft="acme m1 repair"><input type="hidden" name="csrf_token" value="secret">
  <p data-draft-bar hidden><time></time><button type="button" data-draft-take></button><button type="button" data-draft-drop></button></p>
  <input name="f.a" value=""><input name="f.b" value=""></form><form data-sign-out></form>`;
const NAME = 'draft acme m1 repair';
const input = () => document.querySelector<HTMLInputElement>('[name="f.a"]')!;
const bar = () => document.querySelector<HTMLElement>('[data-draft-bar]')!;
const kept = () => JSON.parse(localStorage.getItem(NAME) ?? 'null') as { entries: [string, string][] } | null;

function opened(html = PAGE): void {
  document.body.innerHTML = html;
  sentDrafts();
  drafts(document);
}

function typed(value: string): void {
  input().value = value;
  input().dispatchEvent(new Event('input', { bubbles: true }));
  vi.advanceTimersByTime(500);
}

beforeEach(() => {
  vi.useFakeTimers({ now: new Date('2026-11-27T00:00:00Z') });
  localStorage.clear();
  sessionStorage.clear();
});
afterEach(() => vi.useRealTimers());

test('what is typed is kept, without the secrets of the page, and offered when the form is opened again', () => {
  opened();
  expect(bar().hidden).toBe(true);
  typed('x');
  expect(kept()?.entries).toEqual([['f.a', 'x'], ['f.b', '']]);
  opened();
  expect(bar().hidden).toBe(false);
  const sent = vi.spyOn(HTMLFormElement.prototype, 'submit').mockImplementation(() => undefined);
  bar().querySelector<HTMLElement>('[data-draft-take]')!.click();
  const again = [...document.querySelectorAll('form')].at(-1)!;
  expect([...new FormData(again)]).toEqual([['f.a', 'x'], ['f.b', ''], ['csrf_token', 'secret'], ['draft', 'yes']]);
  expect(sent).toHaveBeenCalledOnce();
  bar().querySelector<HTMLElement>('[data-draft-drop]')!.click();
  expect([bar().hidden, kept()]).toEqual([true, null]);
});

test('a form that was sent keeps its draft while it is refused, and loses it when another page comes', () => {
  opened();
  typed('x');
  document.querySelector('form')!.dispatchEvent(new Event('submit', { bubbles: true }));
  opened();
  expect(kept()).not.toBeNull();
  document.querySelector('form')!.dispatchEvent(new Event('submit', { bubbles: true }));
  opened('<p>Filed</p>');
  expect(kept()).toBeNull();
});

test('drafts go after a week, and when one signs out; what is no draft is not offered', () => {
  opened();
  typed('x');
  vi.setSystemTime(new Date('2026-12-05T00:00:00Z'));
  opened();
  expect(kept()).toBeNull();
  typed('y');
  document.querySelector('[data-sign-out]')!.dispatchEvent(new Event('submit', { bubbles: true }));
  expect(kept()).toBeNull();
  localStorage.setItem(NAME, '{"at": 5}');
  opened();
  expect(bar().hidden).toBe(true);
});

test('an opinion is kept with the form of its step', () => {
  opened(PAGE.replace('name="f.b"', 'name="opinion"'));
  typed('x');
  expect(kept()?.entries).toEqual([['f.a', 'x'], ['opinion', '']]);
});

test('on a customer’s page it is said that it is kept, and nothing is where he says so', () => {
  const note = '<p data-draft-note hidden><span data-if="kept"><button type="button" data-draft-keep="no"></button></span><span data-if="not" hidden><button type="button" data-draft-keep="yes"></button></span></p>';
  const page = PAGE.replace('<input name="f.a"', `${note}<input name="f.a"`);
  const says = () => [...document.querySelectorAll<HTMLElement>('[data-if]')].map((part) => !part.hidden);
  opened(page);
  typed('x');
  expect([says(), kept()?.entries[0]]).toEqual([[true, false], ['f.a', 'x']]);
  document.querySelector<HTMLElement>('[data-draft-keep="no"]')!.click();
  typed('y');
  document.querySelector('form')!.dispatchEvent(new Event('submit', { bubbles: true }));
  expect([says(), kept()]).toEqual([[false, true], null]);
  opened(page);
  expect([says(), bar().hidden]).toEqual([[false, true], true]);
  document.querySelector<HTMLElement>('[data-draft-keep="yes"]')!.click();
  expect([says(), kept()?.entries[0]]).toEqual([[true, false], ['f.a', '']]);
});

const DIALOG = '<dialog><form data-draft="acme m1 t1 transfer"><input type="hidden" name="revision" value="3"><textarea name="opinion"></textarea></form></dialog>';
const opinion = () => document.querySelector('textarea')!;

test('what is said in a dialog stands there again when it is opened, and no longer once it was sent', () => {
  opened(DIALOG);
  opinion().value = '我下周出差';
  opinion().dispatchEvent(new Event('input', { bubbles: true }));
  vi.advanceTimersByTime(500);
  opened(DIALOG);
  expect(opinion().value).toBe('我下周出差');
  document.querySelector('form')!.dispatchEvent(new Event('submit', { bubbles: true }));
  opened('<p>Handed over</p>');
  opened(DIALOG);
  expect(opinion().value).toBe('');
});

test('a form whose draft is kept is left without a question, one that could not be kept is not', () => {
  chrome();
  const isAsked = () => !window.dispatchEvent(new Event('beforeunload', { cancelable: true }));
  const types = () => input().dispatchEvent(new Event('input', { bubbles: true }));
  opened(PAGE.replace('<form', '<form data-guard'));
  types();
  expect([isAsked(), kept()]).toMatchObject([false, { entries: [['f.a', ''], ['f.b', '']] }]);
  vi.spyOn(Storage.prototype, 'setItem').mockImplementationOnce(() => { throw new DOMException('full'); });
  types();
  expect(isAsked()).toBe(true);
});
