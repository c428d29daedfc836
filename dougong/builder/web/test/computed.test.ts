// @vitest-environment jsdom
/** Computed fields in a form that is being filled. */
import { expect, test, vi } from 'vitest';

import { forms } from '../src/pages/form';

function filled(html: string): HTMLElement {
  document.body.innerHTML = `<div data-form data-zone="Asia/Shanghai">${html}</div>`;
  forms(document);
  return document.body;
}

const number = (key: string, value = '') => `<div data-field="${key}" data-kind="number"><input name="f.${key}" value="${value}"></div>`;
const formula = (key: string, text: string, more = '') =>
  `<div data-field="${key}" data-kind="number" data-value="null" data-formula='${text}' ${more}><p class="value">—</p></div>`;
const shown = (key: string) => document.querySelector(`[data-field="${key}"] .value`)?.textContent;

function type(key: string, value: string): void {
  const input = document.querySelector<HTMLInputElement>(`[name="f.${key}"]`)!;
  input.value = value;
  input.dispatchEvent(new Event('input', { bubbles: true }));
}

test('what is typed is calculated at once, one field by way of another, and felt by conditions', async () => {
  const dear = JSON.stringify({ combinator: 'and', rules: [{ field: 'total', operator: 'greater', value: '100' }] });
  filled(`${number('count', '2')}${number('price')}${formula('sum', 'count * price', 'data-places="2"')}${formula('total', 'sum * 1.06')}<p id="note" data-when='${dear}'></p>`);
  await vi.waitFor(() => expect(shown('sum')).toBe('0.00'));
  type('price', '1,199.005');
  expect([shown('sum'), shown('total')]).toEqual(['2398.01', '2541.8906']);
  expect(document.getElementById('note')!.hidden).toBe(false);
  type('price', '1');
  expect([shown('sum'), document.getElementById('note')!.hidden]).toEqual(['2.00', true]);
  type('price', 'a lot');
  expect(shown('sum')).toBe('—');
});

test('what cannot be read, and what was calculated by the server and is only read, is left as it is', async () => {
  filled(`${number('a', '1')}${formula('b', 'a +')}`);
  type('a', '2');
  await new Promise((done) => setTimeout(done, 50));
  expect(shown('b')).toBe('—');
  filled(`<div data-field="c" data-kind="number" data-value='"7"' data-formula="1 + 1"><p class="value">7</p></div>`);
  await new Promise((done) => setTimeout(done, 50));
  expect(shown('c')).toBe('7');
});

test('who is quicker than what calculates is not left with what was calculated before', async () => {
  filled(`${number('count')}${formula('twice', 'count * 2').replace('"null"', `'"0"'`)}`);
  type('count', '10.5');
  await vi.dynamicImportSettled();
  expect(shown('twice')).toBe('21');
});

test('what is checked on submit is said at its field and the form stays, until it is so; who refuses need not be right', async () => {
  const checks = JSON.stringify([{ formula: 'a + b <= 10', message: 'At most ten' }]);
  document.body.innerHTML = `<form><div data-form data-zone="UTC">${number('a', '7')}<div data-field="b" data-kind="number" data-checks='${checks}'><input name="f.b" value="4"></div></div>
    <button id="send"></button><button id="no" formaction="/tasks/1/reject"></button></form>`;
  forms(document);
  await vi.dynamicImportSettled();
  const sheet = document.querySelector('form')!;
  const sent = (id: string) => {
    const event = new SubmitEvent('submit', { bubbles: true, cancelable: true, submitter: document.getElementById(id) });
    sheet.dispatchEvent(event);
    return !event.defaultPrevented;
  };
  const told = () => document.querySelector('[data-field="b"] .error')?.textContent;
  expect([sent('send'), told(), document.activeElement?.getAttribute('name')]).toEqual([false, 'At most ten', 'f.b']);
  expect(sent('no')).toBe(true);
  type('a', '6');
  expect(told()).toBeUndefined();
  expect(sent('send')).toBe(true);
  type('a', '');
  expect(sent('send'), 'nothing counts as 0').toBe(true);
});

test('who was chosen reads by name, and is compared by id', async () => {
  const bob = '<div data-field="who" data-kind="person"><span data-chooser="person"><input type="hidden" name="f.who" value="m1"><input role="combobox" value="王工"></span></div>';
  filled(`${bob}${formula('said', '"由 " & who & IF(who = "m1", "（组长）", "")')}${formula('alone', 'who')}`);
  await vi.waitFor(() => expect(shown('said')).toBe('由 王工（组长）'));
  expect(shown('alone')).toBe('王工');
});
