/** Lists by keyboard (j, k, Enter) and rows that open at the side without losing the list. */
import htmx from 'htmx.org';

const WIDE = '(min-width: 1100px)';

const OF_ITS_OWN = 'a, button, input, select, label, summary'; // what in a row does something else

export function lists(): void {
  ticked();
  document.addEventListener('click', openRow);
  document.addEventListener('click', (event) => {
    const row = (event.target as HTMLElement).closest<HTMLAnchorElement>('a[data-row]');
    const plain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey;
    if (row && plain && openAtSide(row)) event.preventDefault();
  });
  document.addEventListener('keydown', (event) => {
    if ((event.target as HTMLElement).closest('input, textarea, select, dialog')) return;
    if (event.key === 'j' || event.key === 'k') move(event.key === 'j' ? 1 : -1);
  });
}

/** What is ticked in a list: all at once, and how many; where nothing is there is nothing to do with it. */
function ticked(): void {
  for (const form of document.querySelectorAll<HTMLFormElement>('form[data-ticked]')) {
    const all = form.querySelector<HTMLInputElement>('[data-all]');
    const boxes = (): HTMLInputElement[] => [...document.querySelectorAll<HTMLInputElement>(`input[type="checkbox"][form="${form.id}"]`)];
    const count = (): void => {
      const many = boxes().filter((box) => box.checked).length;
      if (all) all.checked = many > 0 && many === boxes().length;
      for (const button of form.querySelectorAll<HTMLButtonElement>('[data-of-ticked]')) button.disabled = !many;
      for (const told of form.querySelectorAll('[data-count]')) told.textContent = many ? ` ${many}` : '';
    };
    all?.addEventListener('change', () => {
      for (const box of boxes()) box.checked = all.checked;
      count();
    });
    document.addEventListener('change', count);
    window.addEventListener('pageshow', count);
    count();
  }
}

/** Anywhere in the row of a table is as good as its name; not where somebody marks a text to copy it. */
function openRow(event: MouseEvent): void {
  const target = event.target as HTMLElement;
  if (target.closest(OF_ITS_OWN) || getSelection()?.toString()) return;
  const link = target.closest('[data-list] tr')?.querySelector('a[data-row]');
  const { ctrlKey, metaKey, shiftKey } = event;
  link?.dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true, ctrlKey, metaKey, shiftKey }));
}

function openAtSide(row: HTMLAnchorElement): boolean {
  const side = document.getElementById('side');
  const split = row.closest('.split');
  if (!side || !split || !matchMedia(WIDE).matches) return false;
  split.classList.add('open');
  for (const other of rows()) other.removeAttribute('aria-selected');
  row.setAttribute('aria-selected', 'true');
  void htmx.ajax('get', row.href, { target: side, swap: 'innerHTML' });
  return true;
}

function rows(): HTMLAnchorElement[] {
  return [...document.querySelectorAll<HTMLAnchorElement>('[data-list] a[data-row]')];
}

function move(by: number): void {
  const all = rows();
  const here = all.findIndex((row) => row === document.activeElement || row.getAttribute('aria-selected') === 'true');
  all[Math.min(Math.max(here + by, 0), all.length - 1)]?.focus();
}
