/** What every page that the server renders loads: htmx, forms that feel their conditions, lists by keyboard, small manners. */
import htmx from 'htmx.org';

import { along } from './along';
import { batches } from './batches';
import { chrome } from './chrome';
import { drafts, sentDrafts } from './drafts';
import { drops } from './drops';
import { forms } from './form';
import { lists } from './list';
import { routes } from './route';

htmx.config.allowEval = false;
htmx.config.allowScriptTags = false;
htmx.config.includeIndicatorStyles = false;

document.documentElement.classList.add('js');

document.addEventListener('htmx:configRequest', (event) => {
  const { headers, verb } = (event as CustomEvent<{ headers: Record<string, string>; verb: string }>).detail;
  const token = document.querySelector<HTMLMetaElement>('meta[name="csrf-token"]')?.content;
  if (verb !== 'get' && token) headers['X-CSRFToken'] = token;
});

chrome();
along();
batches();
drops();
lists();
forms(document);
sentDrafts();
drafts(document);
routes(document);
document.addEventListener('htmx:load', (event) => {
  const { elt } = (event as CustomEvent<{ elt: HTMLElement }>).detail;
  forms(elt);
  drafts(elt);
  routes(elt);
});
