/** Days and moments in forms: typed, or taken from a calendar, which is loaded when it is first opened. What is no day is said at its field. */
import { readDay, readWall } from '../core/moments';
import { word } from './words';

export function dates(form: HTMLElement): void {
  for (const box of form.querySelectorAll<HTMLElement>('[data-day]')) equip(box);
}

function equip(box: HTMLElement): void {
  const [input, button] = [box.querySelector('input'), box.querySelector('button')];
  if (!input || !button) return;
  const open = async () => (await import('./calendar')).toggle(box, input, button);
  button.setAttribute('aria-haspopup', 'dialog');
  button.addEventListener('click', () => void open());
  input.addEventListener('keydown', (event) => {
    if (event.key !== 'ArrowDown') return;
    event.preventDefault();
    void open();
  });
  input.addEventListener('change', () => judge(box));
  input.addEventListener('input', () => input.hasAttribute('aria-invalid') && read(box, input) !== null && judge(box));
}

/** What is typed, as it is kept. Null: it is no day. */
function read(box: HTMLElement, input: HTMLInputElement): string | null {
  const text = input.value.trim();
  return text && (box.dataset.day === 'time' ? readWall : readDay)(text);
}

/** What was typed is written as it is kept; what is no day is said. */
export function judge(box: HTMLElement): void {
  const input = box.querySelector('input');
  if (!input) return;
  const found = read(box, input);
  const id = `${input.id}-no-day`;
  const about = (input.getAttribute('aria-describedby') ?? '').split(' ').filter((one) => one && one !== id);
  document.getElementById(id)?.remove();
  if (found === null) {
    about.push(id);
    box.after(said(id, word(box.dataset.day === 'time' ? 'form.no_moment' : 'field.date.invalid').replace('{found}', () => input.value.trim())));
    input.setAttribute('aria-invalid', 'true');
  } else {
    input.value = found;
    input.removeAttribute('aria-invalid');
  }
  if (about.length) input.setAttribute('aria-describedby', about.join(' '));
  else input.removeAttribute('aria-describedby');
}

function said(id: string, words: string): HTMLElement {
  const line = document.createElement('p');
  Object.assign(line, { id, className: 'error', textContent: words });
  line.setAttribute('role', 'alert');
  return line;
}
