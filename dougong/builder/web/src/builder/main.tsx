/** The island: mounts on `<div id="builder" data-tenant data-document data-api data-base data-may-edit data-may-publish>`. */
import './styles/index.css';

import { createRoot } from 'react-dom/client';

import { createApi } from '../core/api';
import { language } from '../core/i18n';
import { loadMessages } from '../core/messages';
import { App } from './App';
import { say } from './notices';

const place = document.getElementById('builder');
if (place) {
  const { tenant = '', document: id = '', api = '', base = '', mayEdit, mayPublish } = place.dataset;
  const where = { tenant, id, base, mayEdit: mayEdit !== 'false', mayPublish: mayPublish !== 'false' };
  void loadMessages(language()).then(() => createRoot(place).render(<App where={where} api={createApi({ base: api })} />));
}

/** What a page that led here has to say. */
const toasts = [...document.querySelectorAll<HTMLElement>('#toasts .toast')].map((line) => line.textContent?.trim()).filter(Boolean);
document.getElementById('toasts')?.remove();
if (toasts.length) say(toasts.join(' '));
