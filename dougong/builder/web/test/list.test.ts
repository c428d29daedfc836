// @vitest-environment jsdom
import { beforeAll, beforeEach, expect, test, vi } from 'vitest';

vi.mock('htmx.org', () => ({ default: { ajax: vi.fn() } }));

import { lists } from '../src/pages/list';

const opened = vi.fn();

beforeAll(lists);
beforeEach(() => {
  opened.mockClear();
  document.body.innerHTML = `<table data-list><tr><td><a href="#one" data-row>One</a></td>
    <td class="plain">12.00</td><td><button type="button">Export</button></td></tr></table>`;
  document.querySelector('a')!.addEventListener('click', (event) => opened(event.ctrlKey));
});

const press = (where: string, init: MouseEventInit = {}) =>
  document.querySelector(where)!.dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true, ...init }));

test('a row of a table opens wherever it is pressed, once', () => {
  press('.plain');
  press('a');
  press('.plain', { ctrlKey: true });
  expect(opened.mock.calls).toEqual([[false], [false], [true]]);
});

test('what does something else in a row does only that, and a text that is marked is only marked', () => {
  press('button');
  const marked = vi.spyOn(window, 'getSelection').mockReturnValue({ toString: () => '12.00' } as Selection);
  press('.plain');
  marked.mockRestore();
  expect(opened).not.toHaveBeenCalled();
});
