// @vitest-environment jsdom
/** What stands in the form of a task comes along with its dialogs. */
import { expect, test } from 'vitest';

import { along } from '../src/pages/along';

/** What comes with a form besides its own. */
function brought(form: HTMLFormElement | undefined): [string, unknown][] {
  const formData = new FormData();
  form?.dispatchEvent(Object.assign(new Event('formdata', { bubbles: true }), { formData }));
  return [...formData];
}

test('with a dialog comes what was filled in, signed and said in its task; with others nothing', () => {
  along();
  document.body.innerHTML = `<form id="task-1"><input name="f.why" value="x"><input name="who.a" value="p"><input name="signature" value="s">
    <textarea name="opinion">seen</textarea><input name="csrf_token" value="t"></form><form data-along="task-1"></form><form></form>`;
  const [task, dialog, other] = document.forms;
  expect(brought(dialog)).toEqual([['f.why', 'x'], ['who.a', 'p'], ['signature', 's'], ['own_opinion', 'seen']]);
  expect([brought(task), brought(other)]).toEqual([[], []]);
});
