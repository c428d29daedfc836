/** What has been filled in and not been sent: kept in this browser for a week, offered when the same person opens the form again. */

const PREFIX = 'draft ';
const SENT = 'draft sent';
const WEEK = 7 * 86_400_000;
const MOST = 200_000; // characters of one form

interface Draft {
  at: number;
  entries: [string, string][];
}

export function drafts(): void {
  const form = document.querySelector<HTMLFormElement>('form[data-draft]');
  const name = PREFIX + (form?.dataset.draft ?? '');
  const sent = sessionStorage.getItem(SENT);
  if (sent && sent !== name) localStorage.removeItem(sent); // it was sent, and what came was another page: it has been taken
  sessionStorage.removeItem(SENT);
  document.addEventListener('submit', (event) => (event.target as HTMLFormElement).matches('[data-sign-out]') && forget());
  forget(Date.now() - WEEK);
  if (form) keep(form, name);
}

function keep(form: HTMLFormElement, name: string): void {
  let timer = 0;
  const save = () => {
    clearTimeout(timer);
    const draft = JSON.stringify({ at: Date.now(), entries: entriesOf(form) } satisfies Draft);
    if (draft.length <= MOST) store(name, draft);
  };
  const soon = () => {
    clearTimeout(timer);
    timer = window.setTimeout(save, 400);
  };
  offer(form, name);
  form.addEventListener('input', soon);
  form.addEventListener('change', soon);
  window.addEventListener('pagehide', () => timer && save());
  form.addEventListener('submit', (event) => {
    if (event.defaultPrevented) return;
    save();
    sessionStorage.setItem(SENT, name);
  });
}

/** The answers only: not the tokens of the page. */
function entriesOf(form: HTMLFormElement): [string, string][] {
  return [...new FormData(form)].filter((one): one is [string, string] => typeof one[1] === 'string' && /^(f|who)\./.test(one[0]));
}

/** The server draws the form again with what was kept; nothing is filed. */
function offer(form: HTMLFormElement, name: string): void {
  const bar = form.querySelector<HTMLElement>('[data-draft-bar]');
  const kept = read(name);
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

function store(name: string, draft: string): void {
  try {
    localStorage.setItem(name, draft);
  } catch {
    // no room, or not allowed: the page itself still asks before it is left
  }
}

/** All drafts, or those that are older. */
function forget(before = Infinity): void {
  for (const name of Object.keys(localStorage).filter((one) => one.startsWith(PREFIX))) if ((read(name)?.at ?? 0) < before) localStorage.removeItem(name);
}
