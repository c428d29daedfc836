/** What has been filled in and not been sent: kept in this browser for a week, offered when the same person opens the form again.
 *  Where nobody signs out, on a customer's page, he can say that it is not to be kept. */

const PREFIX = 'draft ';
const SENT = 'draft sent';
const NOT_KEPT = 'draft not kept '; // until the browser is closed
const WEEK = 7 * 86_400_000;
const MOST = 200_000; // characters of one form

interface Draft {
  at: number;
  entries: [string, string][];
}

/** Once a page: what was sent and taken, or is too old, goes; and so does everything when its writer signs out. */
export function sentDrafts(): void {
  const sent = sessionStorage.getItem(SENT);
  const here = [...document.querySelectorAll<HTMLFormElement>('form[data-draft]')].map(nameOf);
  if (sent && !here.includes(sent)) localStorage.removeItem(sent); // what came is another page: it has been taken
  sessionStorage.removeItem(SENT);
  document.addEventListener('submit', (event) => (event.target as HTMLFormElement).matches('[data-sign-out]') && forget());
  forget(Date.now() - WEEK);
}

export function drafts(within: Document | HTMLElement): void {
  for (const form of within.querySelectorAll<HTMLFormElement>('form[data-draft]')) {
    if (form.dataset.kept) continue;
    form.dataset.kept = 'true';
    keep(form, nameOf(form));
  }
}

function nameOf(form: HTMLFormElement): string {
  return PREFIX + (form.dataset.draft ?? '');
}

function keep(form: HTMLFormElement, name: string): void {
  let timer = 0;
  const save = () => {
    clearTimeout(timer);
    if (sessionStorage.getItem(NOT_KEPT + name)) return;
    const draft = JSON.stringify({ at: Date.now(), entries: entriesOf(form) } satisfies Draft);
    if (draft.length <= MOST && store(name, draft)) delete form.dataset.touched; // nothing is lost: the page may be left
  };
  const soon = () => {
    clearTimeout(timer);
    timer = window.setTimeout(save, 400);
  };
  offer(form, name);
  choice(form, name, save);
  form.addEventListener('input', soon);
  form.addEventListener('change', soon);
  form.addEventListener('leaving', save);
  window.addEventListener('pagehide', () => timer && form.isConnected && save());
  form.addEventListener('submit', (event) => {
    if (event.defaultPrevented) return;
    save();
    sessionStorage.setItem(SENT, name);
  });
}

/** The answers only: not the tokens of the page. */
function entriesOf(form: HTMLFormElement): [string, string][] {
  return [...new FormData(form)].filter((one): one is [string, string] => typeof one[1] === 'string' && /^((f|who)\..*|opinion|signature)$/.test(one[0]));
}

/** The customer's word whether it is kept: he is on a machine of his own, or on another's. */
function choice(form: HTMLFormElement, name: string, save: () => void): void {
  const note = form.querySelector<HTMLElement>('[data-draft-note]');
  if (!note) return;
  const show = () => {
    const kept = !sessionStorage.getItem(NOT_KEPT + name);
    note.hidden = false;
    for (const part of note.querySelectorAll<HTMLElement>('[data-if]')) part.hidden = (part.dataset.if === 'kept') !== kept;
  };
  note.addEventListener('click', (event) => {
    const wish = (event.target as HTMLElement).closest<HTMLElement>('[data-draft-keep]')?.dataset.draftKeep;
    if (wish === undefined) return;
    if (wish === 'no') {
      sessionStorage.setItem(NOT_KEPT + name, 'yes');
      localStorage.removeItem(name);
      form.dataset.touched = 'true';
      const bar = form.querySelector<HTMLElement>('[data-draft-bar]');
      if (bar) bar.hidden = true;
    } else {
      sessionStorage.removeItem(NOT_KEPT + name);
      save();
    }
    show();
  });
  show();
}

/** A form without a bar, of a dialog, is only what somebody says: it stands there again when the dialog is opened. */
function refill(form: HTMLFormElement, kept: Draft): void {
  for (const [key, value] of kept.entries) {
    const box = form.elements.namedItem(key);
    if (box instanceof HTMLTextAreaElement && !box.value) box.value = value;
  }
}

/** The server draws the form again with what was kept; nothing is filed. */
function offer(form: HTMLFormElement, name: string): void {
  const bar = form.querySelector<HTMLElement>('[data-draft-bar]');
  const kept = read(name);
  if (kept && !bar) refill(form, kept);
  if (!bar || !kept || kept.entries.every(([, value]) => !value)) return;
  const when = bar.querySelector('time');
  if (when) when.textContent = new Date(kept.at).toLocaleString(document.documentElement.lang || undefined);
  bar.hidden = false;
  bar.querySelector('[data-draft-drop]')?.addEventListener('click', () => {
    localStorage.removeItem(name);
    bar.hidden = true;
  });
  bar.querySelector('[data-draft-take]')?.addEventListener('click', () => {
    const again = document.createElement('form');
    again.method = 'post';
    again.action = form.dataset.draftAction ?? '';
    const token = form.querySelector<HTMLInputElement>('[name="csrf_token"]')?.value ?? '';
    for (const [key, value] of [...kept.entries, ['csrf_token', token], ['draft', 'yes']] as [string, string][]) {
      const input = document.createElement('input');
      input.type = 'hidden';
      input.name = key;
      input.value = value;
      again.append(input);
    }
    document.body.append(again);
    delete form.dataset.touched;
    again.submit();
  });
}

function read(name: string): Draft | null {
  try {
    const found = JSON.parse(localStorage.getItem(name) ?? 'null') as Draft | null;
    return found && Array.isArray(found.entries) && typeof found.at === 'number' ? found : null;
  } catch {
    return null;
  }
}

/** False where there is no room, or it is not allowed: then the page still asks before it is left. */
function store(name: string, draft: string): boolean {
  try {
    localStorage.setItem(name, draft);
    return true;
  } catch {
    return false;
  }
}

/** All drafts, or those that are older. */
function forget(before = Infinity): void {
  for (const name of Object.keys(localStorage).filter((one) => one.startsWith(PREFIX))) if ((read(name)?.at ?? 0) < before) localStorage.removeItem(name);
}
