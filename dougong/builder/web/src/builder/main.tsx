/** The island: mounts on `<div id="builder" data-tenant data-document data-kind data-api data-base data-may-edit data-may-publish>`. */
import './styles/index.css';

import { createRoot } from 'react-dom/client';

import { createApi } from '../core/api';
import { language } from '../core/i18n';
import { loadMessages } from '../core/messages';
import type { Kind } from '../core/types';
import { App, load } from './App';
import { say } from './notices';

const place = document.getElementById('builder');
if (place) {
  const { tenant = '', document: id = '', kind = '', api: address = '', base = '', languages = '', mayEdit, mayPublish, migration = '', trial = '' } = place.dataset;
  const where = { tenant, id, kind: kind as Kind, base, mayEdit: mayEdit !== 'false', mayPublish: mayPublish !== 'false', languages: languages.split(' '), migration, trial };
  const api = createApi({ base: address });
  const words = loadMessages(language());
  const opening = load(where, api); // at once, beside the words
  opening.catch(() => undefined); // said by the window, which comes with the words
  void words.then(() => createRoot(place).render(<App where={where} api={api} opening={opening} />));
}

/** What a page that led here has to say. */
const toasts = [...document.querySelectorAll<HTMLElement>('#toasts .toast')].map((line) => line.textContent?.trim()).filter(Boolean);
document.getElementById('toasts')?.remove();
if (toasts.length) say(toasts.join(' '));
