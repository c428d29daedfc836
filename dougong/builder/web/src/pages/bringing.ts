/** Rows that a file brings into a table of a form: the server reads it and says what is wrong; here they are taken, all or none. */
import { toast, word } from './words';

/** `take`: put these rows in, instead of those there or behind them; false where there is no room. */
export async function bring(form: HTMLElement, key: string, file: File, take: (rows: HTMLElement[], instead: boolean) => boolean): Promise<void> {
  const sheet = form.closest('form');
  const body = new FormData();
  body.append('rows', key);
  body.append('file', file);
  const token = document.querySelector<HTMLMetaElement>('meta[name="csrf-token"]')?.content ?? '';
  const answer = await fetch(sheet?.dataset.draftAction || location.href, { method: 'POST', body, headers: { 'X-CSRFToken': token } }).catch(() => null);
  if (!answer || ![200, 422].includes(answer.status)) return toast(word('app.failed'));
  const dialog = document.createElement('dialog');
  dialog.className = 'dialog';
  dialog.innerHTML = await answer.text();
  const rows = [...(dialog.querySelector('template')?.content.querySelectorAll<HTMLElement>('[data-row]') ?? [])];
  dialog.addEventListener('click', (event) => {
    const how = (event.target as HTMLElement).closest<HTMLElement>('[data-take]')?.dataset.take;
    if (how === undefined) return;
    if (how && !take(rows, how === 'replace')) return toast(word('form.rows_full'));
    dialog.close();
  });
  dialog.addEventListener('close', () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}
