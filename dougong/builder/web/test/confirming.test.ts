// @vitest-environment jsdom
/** What is asked before a form is sent says what was chosen in it, and which button was pressed. */
import { expect, test, vi } from 'vitest';

import { ask } from '../src/pages/ask';
import { chrome } from '../src/pages/chrome';

vi.mock('../src/pages/ask', () => ({ ask: vi.fn(() => Promise.resolve(false)) }));

test('a question names the choice and the button', () => {
  document.body.innerHTML = '<form data-confirm="{pressed}: {choice}?"><select><option>Suspend</option><option selected>Cancel $&</option></select><button>All\n <span> 12</span></button></form>';
  chrome();
  document.querySelector('form')!.requestSubmit(document.querySelector('button'));
  expect(ask).toHaveBeenCalledWith('All 12: Cancel $&?');
});
