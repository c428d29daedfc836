/** The tests speak both languages. Their files share what has been imported, and where there is a page, each begins with an empty one. */
import { LANGUAGES } from '../src/core/i18n';
import { loadMessages, loadMore } from '../src/core/messages';

await Promise.all(LANGUAGES.flatMap((tag) => [loadMessages(tag), loadMore(tag)]));

if (typeof document !== 'undefined') {
  for (const element of [document.documentElement, document.body]) {
    for (const name of element.getAttributeNames()) element.removeAttribute(name);
  }
  document.body.replaceChildren();
  localStorage.clear();
}

/** React only logs it; the second of two such cells may stay as it was. */
const logged = console.error;
console.error = (...said: unknown[]) => {
  logged(...said);
  if (String(said[0]).includes('with the same key')) throw new Error(said.join(' '));
};
