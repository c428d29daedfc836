/** The frame's manners: dialogs, menus, copy, theme, the search box, confirmations, unsaved work. */
import { ask } from './ask';
import { toast, word } from './words';

const THEMES = ['light', 'dark'];

export function chrome(): void {
  document.addEventListener('click', clicked);
  document.addEventListener('keydown', pressed);
  document.addEventListener('submit', submitted);
  document.addEventListener('change', changed);
  for (const line of document.querySelectorAll<HTMLElement>('#toasts .toast:not(.stays)')) setTimeout(() => line.remove(), 6000);
  if ([null, document.body].includes(document.activeElement as HTMLElement | null)) document.querySelector<HTMLElement>('[data-focus]')?.focus(); // nobody is typing yet
  document.querySelector<HTMLDialogElement>('dialog[data-open]')?.showModal();
  document.querySelector('.rail [aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' }); // the rail of a phone
  guardUnsaved();
}

function clicked(event: MouseEvent): void {
  const target = event.target as HTMLElement;
  const opener = target.closest<HTMLElement>('[data-dialog]');
  if (opener) (document.getElementById(opener.dataset.dialog ?? '') as HTMLDialogElement | null)?.showModal();
  const dialog = target.closest('dialog');
  if (target.closest('[data-close-dialog]') || target === dialog) dialog?.close();
  const copied = target.closest<HTMLElement>('[data-copy]');
  if (copied) void navigator.clipboard.writeText(copied.dataset.copy ?? '').then(() => toast(word('app.copied')));
  const slow = target.closest<HTMLElement>('[data-says]');
  if (slow) toast(slow.dataset.says ?? '');
  if (target.closest('[data-theme-switch]')) switchTheme();
  if (target.closest('[data-print]')) window.print();
  if (target.closest('[data-close-side]')) closeSide();
  target.closest('[data-close-toast]')?.parentElement?.remove();
  for (const menu of document.querySelectorAll<HTMLDetailsElement>('details.menu[open]')) if (!menu.contains(target)) menu.open = false;
  if (!target.closest('.top-search')) document.getElementById('found')?.replaceChildren();
}

export function closeSide(): void {
  document.getElementById('side')?.replaceChildren();
  document.querySelector('.split')?.classList.remove('open');
}

function pressed(event: KeyboardEvent): void {
  const typing = (event.target as HTMLElement).closest('input, textarea, select, [contenteditable]');
  const search = document.querySelector<HTMLInputElement>('[data-search]');
  if (search && ((event.key === '/' && !typing) || (event.key === 'k' && (event.ctrlKey || event.metaKey)))) {
    event.preventDefault();
    search.focus();
    search.select();
  }
  if (event.key === 'Escape') {
    document.getElementById('found')?.replaceChildren();
    for (const menu of document.querySelectorAll<HTMLDetailsElement>('details.menu[open]')) menu.open = false;
    if (!typing && !document.querySelector('dialog[open]')) closeSide();
  }
  if (event.key === 'ArrowDown' && event.target === search) document.querySelector<HTMLElement>('#found a')?.focus();
}

function submitted(event: SubmitEvent): void {
  const form = event.target as HTMLFormElement;
  const words = event.submitter?.dataset.confirm ?? form.dataset.confirm;
  if (words && !form.dataset.confirmed) {
    event.preventDefault();
    void ask(question(words, form, event.submitter)).then((sure) => {
      if (!sure) return;
      form.dataset.confirmed = 'true';
      form.requestSubmit(event.submitter);
    });
    return;
  }
  delete form.dataset.touched;
  if (form.dataset.stays !== undefined) return; // it answers with a download, and the page remains
  // A second press does not send twice; the button that was pressed stays part of what is sent.
  setTimeout(() => form.querySelectorAll('button').forEach((button) => (button.disabled = true)));
  window.addEventListener('pageshow', () => form.querySelectorAll('button').forEach((button) => (button.disabled = false)), { once: true });
}

/** With what is chosen in the form, as far as it is shown, and which of its buttons was pressed. */
function question(words: string, form: HTMLFormElement, pressed: HTMLElement | null): string {
  const shown = [...form.querySelectorAll<HTMLSelectElement | HTMLInputElement>('select, input:checked[name]')].filter((one) => one.offsetParent);
  const choice = shown.map((one) => ('selectedOptions' in one ? one.selectedOptions[0]?.text : one.labels?.[0]?.textContent?.trim())).join(' · ');
  return words.replace('{choice}', () => choice).replace('{pressed}', () => pressed?.textContent?.trim().replace(/\s+/g, ' ') ?? '');
}

function changed(event: Event): void {
  const form = (event.target as HTMLElement).closest<HTMLFormElement>('form');
  if (form?.matches('[data-autosubmit]') && (event.target as HTMLElement).matches('select')) form.requestSubmit();
}

function switchTheme(): void {
  const root = document.documentElement;
  const dark = root.dataset.theme ? root.dataset.theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
  const next = THEMES[dark ? 0 : 1] ?? 'light';
  root.dataset.theme = next;
  document.cookie = `theme=${next}; path=/; max-age=31536000; samesite=lax`;
}

/** A form that has been touched is not left by accident. */
function guardUnsaved(): void {
  document.addEventListener('input', (event) => {
    const form = (event.target as HTMLElement).closest<HTMLFormElement>('form[data-guard]');
    if (form) form.dataset.touched = 'true';
  });
  const touched = () => document.querySelectorAll('form[data-guard][data-touched]');
  window.addEventListener('beforeunload', (event) => {
    touched().forEach((form) => form.dispatchEvent(new Event('leaving'))); // where its draft can be kept, nothing is lost
    if (touched().length) event.preventDefault();
  });
}
