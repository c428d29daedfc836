// @vitest-environment jsdom
/** What is said before something is done: what is asked before a form is sent says what was chosen in it, and which button was pressed. */
import { beforeAll, expect, test } from 'vitest';

import { chrome } from '../src/pages/chrome';

// Nothing is laid out here: what is not hidden is shown, and a dialog does not open.
Object.defineProperty(HTMLElement.prototype, 'offsetParent', {
  get(this: HTMLElement) {
    return this.closest('[hidden]') ? null : document.body;
  },
});

HTMLDialogElement.prototype.showModal = () => undefined;

beforeAll(chrome);

test('a question names what is chosen, as far as it is shown, and the button', () => {
  document.body.innerHTML = `<form data-confirm="{pressed}: {choice}?">
    <select><option>Suspend</option><option selected>Cancel $&</option></select>
    <label hidden><select><option>Where it has stopped</option></select></label>
    <label><input type="checkbox" name="keep" checked> Keep it</label><label><input type="checkbox" name="more"> More</label>
    <button>All\n <span> 12</span></button></form>`;
  document.querySelector('form')!.requestSubmit(document.querySelector('button'));
  expect(document.querySelector('dialog p')?.textContent).toBe('All 12: Cancel $& · Keep it?');
});

test('what takes a while says so when it is asked for', () => {
  document.body.innerHTML = '<div id="toasts"></div><a data-says="12 lines"><b>Excel</b></a>';
  document.querySelector('b')!.click();
  expect([...document.querySelectorAll('.toast')].map((one) => one.textContent)).toEqual(['12 lines']);
});
