/** Choose a colleague, a unit or a record: type, look, pick. A record's data fill other fields. */
import { asked } from './asked';
import { fillIn } from './filling';
import { floating } from './floating';
import { toast, word } from './words';

interface Choice {
  id: string;
  title: string;
  hint: string;
  data?: Record<string, unknown>;
  words?: Record<string, string>;
}

/** `part`: of the form, what is new in it. */
export function choosers(form: HTMLElement, part = form): void {
  for (const box of part.querySelectorAll<HTMLElement>('[data-chooser]')) chooser(form, box);
}

function chooser(form: HTMLElement, box: HTMLElement): void {
  const input = box.querySelector<HTMLInputElement>('input[role="combobox"]');
  const hidden = box.querySelector<HTMLInputElement>('input[type="hidden"]');
  const list = box.querySelector<HTMLElement>('[role="listbox"]');
  const clear = box.querySelector<HTMLButtonElement>('.clear');
  const address = form.dataset.choose;
  if (!input || !hidden || !list || !clear || !address) return;
  for (const button of box.querySelectorAll<HTMLElement>('.chosen button')) button.addEventListener('click', () => button.parentElement?.remove());
  let found: Choice[] = [];
  let active = -1;
  let turn = 0;
  let timer = 0;

  const choices = (q: string): Promise<Choice[] | null> => {
    const query = new URLSearchParams({ q, entity: box.dataset.entity ?? '' });
    return asked<Choice[]>(`${address.replace('KIND', box.dataset.chooser ?? '')}?${query}`);
  };
  const ask = async (): Promise<void> => {
    const mine = ++turn;
    const come = await choices(hidden.value ? '' : input.value);
    if (mine !== turn || !come) return;
    found = come;
    active = -1;
    draw();
  };
  /** What is pasted is chosen where exactly one is called so. */
  const look = async (name: string): Promise<void> => {
    input.value = name;
    const mine = ++turn;
    const same = name ? ((await choices(name)) ?? []).filter((one) => one.title.toLowerCase() === name.toLowerCase()) : [];
    if (mine !== turn) return; // another was chosen meanwhile
    if (same.length === 1 && same[0]) return pick(same[0]);
    input.value = '';
    drop();
    if (name) toast(word('form.no_match_named').replace('{name}', name));
  };
  const draw = (): void => {
    list.replaceChildren(...(found.length ? found.map((choice, index) => row(choice, index)) : [nothing()]));
    list.hidden = false;
    floating(list, input, close);
    input.setAttribute('aria-expanded', 'true');
  };
  const row = (choice: Choice, index: number): HTMLElement => {
    const item = document.createElement('li');
    item.id = `${list.id}-${index}`;
    item.setAttribute('role', 'option');
    item.setAttribute('aria-selected', String(index === active));
    item.textContent = choice.title;
    if (choice.hint) item.append(hintOf(choice.hint));
    item.addEventListener('pointerdown', (event) => {
      event.preventDefault();
      pick(choice);
    });
    return item;
  };
  const close = (): void => {
    turn++; // what is still asked opens it no more
    clearTimeout(timer);
    list.hidden = true;
    input.setAttribute('aria-expanded', 'false');
  };
  const pick = (choice: Choice): void => {
    if (box.dataset.many) {
      add(box, choice);
      input.value = '';
      close();
      return;
    }
    hidden.value = choice.id;
    input.value = choice.title;
    clear.hidden = false;
    close();
    const fill = box.querySelector('[data-fill]')?.textContent;
    for (const one of JSON.parse(fill || '[]') as { from: string; to: string }[]) fillIn(box.closest<HTMLElement>('[data-row]') ?? form, one.to, choice.data?.[one.from], choice.words?.[one.from]);
    hidden.dispatchEvent(new Event('change', { bubbles: true }));
  };
  const drop = (): void => {
    hidden.value = '';
    clear.hidden = true;
    hidden.dispatchEvent(new Event('change', { bubbles: true }));
  };

  box.addEventListener('look', (event) => void look((event as CustomEvent<string>).detail));
  const inDialog = Boolean(box.closest('dialog')); // there it has the focus from the start, and its list would lie over all the rest
  const opens = (): void => {
    if (list.hidden) void ask();
  };
  input.addEventListener('pointerdown', () => {
    if (inDialog || document.activeElement === input) opens();
  });
  input.addEventListener('focus', () => {
    if (!inDialog) opens();
  });
  input.addEventListener('blur', () => {
    close();
    if (!hidden.value) input.value = ''; // words that were not chosen mean nobody
  });
  input.addEventListener('input', (event) => {
    event.stopPropagation();
    if (hidden.value) drop();
    clearTimeout(timer);
    timer = window.setTimeout(() => void ask(), 180);
  });
  input.addEventListener('keydown', (event) => {
    if (event.key === 'Tab') close(); // before the focus moves: a list that scrolls would be its next stop
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      if (list.hidden) return opens();
      active = (active + (event.key === 'ArrowDown' ? 1 : -1) + found.length) % Math.max(found.length, 1);
      draw();
      input.setAttribute('aria-activedescendant', `${list.id}-${active}`);
      list.children[active]?.scrollIntoView({ block: 'nearest' });
    }
    const choice = found[active];
    if (event.key === 'Enter' && !list.hidden) {
      event.preventDefault();
      if (choice) pick(choice);
    }
    if (event.key === 'Escape' && !list.hidden) {
      event.preventDefault(); // the list only, not what it stands in
      event.stopPropagation();
      close();
    }
  });
  clear.addEventListener('click', () => {
    input.value = '';
    drop();
    input.focus();
  });
  if (document.activeElement === input && !hidden.value && !inDialog) void ask(); // somebody was quicker than the script
}

/** One more of several who are chosen. */
function add(box: HTMLElement, choice: Choice): void {
  const list = box.querySelector('.chosen');
  if (!list || list.querySelector(`input[value="${CSS.escape(choice.id)}"]`)) return;
  const item = document.createElement('li');
  const hidden = document.createElement('input');
  hidden.type = 'hidden';
  hidden.name = box.dataset.many ?? '';
  hidden.value = choice.id;
  const name = document.createElement('span');
  name.className = 'file';
  name.textContent = choice.title;
  const remove = document.createElement('button');
  remove.type = 'button';
  remove.className = 'button quiet small icon-only';
  remove.setAttribute('aria-label', word('form.remove'));
  remove.textContent = '×';
  remove.addEventListener('click', () => item.remove());
  item.append(hidden, name, remove);
  list.append(item);
}

function hintOf(text: string): HTMLElement {
  const hint = document.createElement('span');
  hint.className = 'hint';
  hint.textContent = text;
  return hint;
}

function nothing(): HTMLElement {
  const item = document.createElement('li');
  item.className = 'muted';
  item.textContent = word('form.no_match');
  return item;
}
