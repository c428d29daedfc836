/** Files go to the server as soon as they are chosen; the form carries their ids. */
import { toast, word } from './words';

interface Uploaded {
  id: string;
  name: string;
}

/** `part`: of the form, what is new in it. */
export function uploads(form: HTMLElement, part = form): void {
  const address = form.dataset.upload;
  for (const box of part.querySelectorAll<HTMLElement>('[data-uploads]')) {
    const input = box.querySelector<HTMLInputElement>('input[type="file"]');
    const list = box.querySelector<HTMLElement>('.files');
    if (!input || !list || !address) continue;
    input.addEventListener('change', () => void send(address, box, input, list));
    list.addEventListener('click', (event) => {
      if (!(event.target as HTMLElement).closest('[data-remove]')) return;
      (event.target as HTMLElement).closest('li')?.remove();
      list.dispatchEvent(new Event('change', { bubbles: true }));
    });
  }
}

async function send(address: string, box: HTMLElement, input: HTMLInputElement, list: HTMLElement): Promise<void> {
  const room = Number(box.dataset.max ?? 9) - list.children.length;
  for (const file of [...(input.files ?? [])].slice(0, Math.max(room, 0))) {
    const waiting = document.createElement('li');
    waiting.className = 'muted small';
    waiting.textContent = `${word('form.uploading')} ${file.name}`;
    list.append(waiting);
    const done = await keep(address, file);
    if (done) waiting.replaceWith(kept(done, input.dataset.name ?? ''));
    else waiting.remove();
  }
  input.value = '';
  list.dispatchEvent(new Event('change', { bubbles: true }));
}

export async function keep(address: string, file: File): Promise<Uploaded | null> {
  const body = new FormData();
  body.append('file', file);
  const token = document.querySelector<HTMLMetaElement>('meta[name="csrf-token"]')?.content ?? '';
  try {
    const answer = await fetch(address, { method: 'POST', body, headers: { 'X-CSRFToken': token, Accept: 'application/json' } });
    const found = (await answer.json()) as Uploaded & { error?: { message: string } };
    if (answer.ok) return found;
    toast(found.error?.message ?? word('app.failed'));
  } catch {
    toast(word('app.failed'));
  }
  return null;
}

function kept(file: Uploaded, name: string): HTMLElement {
  const item = document.createElement('li');
  const hidden = document.createElement('input');
  hidden.type = 'hidden';
  hidden.name = name;
  hidden.value = file.id;
  const label = document.createElement('span');
  label.className = 'file';
  label.textContent = file.name;
  const remove = document.createElement('button');
  remove.type = 'button';
  remove.className = 'button quiet small icon-only';
  remove.dataset.remove = '';
  remove.setAttribute('aria-label', word('form.remove'));
  remove.textContent = '×';
  item.append(hidden, label, remove);
  return item;
}
