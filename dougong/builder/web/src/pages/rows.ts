/** Tables within a form: rows are added, removed and moved; cells copied in a spreadsheet are pasted. Loaded where there is one. */
import { readTable } from '../core/clipboard';
import { equip, isTyped } from './form';
import { toast, word } from './words';

type Input = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

export function rows(form: HTMLElement): void {
  for (const box of form.querySelectorAll<HTMLElement>('[data-rows]')) table(form, box);
}

function table(form: HTMLElement, box: HTMLElement): void {
  const body = box.querySelector('tbody');
  const template = box.querySelector('template');
  const add = box.querySelector<HTMLButtonElement>('[data-add-row]');
  if (!body || !template || !add) return;
  const most = Number(box.dataset.max ?? 50);
  const all = () => [...body.querySelectorAll<HTMLElement>('[data-row]')];
  const changed = () => {
    add.disabled = all().length >= most;
    body.dispatchEvent(new Event('change', { bubbles: true }));
    body.dispatchEvent(new Event('input', { bubbles: true })); // unsaved work
  };
  const added = (): HTMLElement | null => {
    if (all().length >= most) return null;
    return entered((template.content.cloneNode(true) as DocumentFragment).querySelector('tr') as HTMLElement);
  };
  const entered = (row: HTMLElement): HTMLElement => {
    const marks = all().map((one) => Number(markOf(box, one)?.value ?? 0));
    marked(box, row, String(Math.max(-1, ...marks) + 1));
    body.append(row);
    equip(form, row);
    return row;
  };
  /** Rows of a file: all, or none where they are too many. */
  const bringIn = (rows: HTMLElement[], instead: boolean): boolean => {
    const kept = instead ? [] : all().filter(isTyped);
    if (kept.length + rows.length > most) return false;
    for (const row of all()) if (!kept.includes(row)) row.remove();
    rows.forEach(entered);
    changed();
    return true;
  };
  const act = (row: HTMLElement, what: string) => {
    if (what === 'copy') return copy(row);
    const near = what === 'up' ? row.previousElementSibling : row.nextElementSibling;
    if (what === 'remove') {
      const next = (near ?? row.previousElementSibling)?.querySelector<HTMLElement>(`[data-row-act="${what}"]`) ?? add;
      row.remove();
      next.focus();
    } else if (near) {
      if (what === 'up') near.before(row);
      else near.after(row);
      row.querySelector<HTMLElement>(`[data-row-act="${what}"]`)?.focus();
    }
    changed();
  };

  const copy = (row: HTMLElement) => {
    const twin = added();
    if (!twin) return;
    row.after(twin);
    cellsOf(row).forEach((cell, index) => copyCell(cell, cellsOf(twin)[index]));
    inputsOf(twin)[0]?.focus();
    changed();
  };

  add.addEventListener('click', () => {
    inputsOf(added())[0]?.focus();
    changed();
  });
  body.addEventListener('click', (event) => {
    const button = (event.target as HTMLElement).closest<HTMLElement>('[data-row-act]');
    const row = button?.closest<HTMLElement>('[data-row]');
    if (row) act(row, button?.dataset.rowAct ?? '');
  });
  body.addEventListener('keydown', (event) => {
    const cell = (event.target as HTMLElement).closest<HTMLElement>('input, select')?.closest<HTMLElement>('[data-cell]');
    const row = cell?.closest<HTMLElement>('[data-row]');
    if (event.key !== 'Enter' || event.isComposing || event.defaultPrevented || !cell || !row) return; // a choice was taken with it
    event.preventDefault(); // to the cell below, as in a spreadsheet
    const below = (row.nextElementSibling as HTMLElement | null) ?? added();
    inputsOf(below?.querySelector<HTMLElement>(`[data-cell="${CSS.escape(cell.dataset.cell ?? '')}"]`))[0]?.focus();
    changed();
  });
  body.addEventListener('paste', (event) => {
    const text = event.clipboardData?.getData('text/plain') ?? '';
    const cell = (event.target as HTMLElement).closest<HTMLElement>('[data-cell]');
    const row = cell?.closest<HTMLElement>('[data-row]');
    if (!/[\t\n]/.test(text.trim()) || !cell || !row) return;
    event.preventDefault();
    const brought = withoutHeader(readTable(text), box);
    const left = cellsOf(row).indexOf(cell);
    if (all().indexOf(row) + brought.length > most) return toast(word('form.rows_full'));
    let at: HTMLElement | null = row;
    for (const line of brought) {
      if (!at) break;
      cellsOf(at).slice(left).forEach((one, index) => line[index] !== undefined && fill(one, line[index].trim()));
      at = (at.nextElementSibling as HTMLElement | null) ?? (line === brought.at(-1) ? at : added());
    }
    changed();
  });
  add.disabled = all().length >= most;
  const file = form.dataset.rowsFrom === undefined ? null : box.querySelector<HTMLInputElement>('[data-bring] input');
  if (file?.parentElement) file.parentElement.hidden = false;
  file?.addEventListener('change', (event) => {
    event.stopPropagation(); // nothing has been filled in yet
    const [chosen] = file.files ?? [];
    if (chosen) void import('./bringing').then(({ bring }) => bring(form, keyOf(box), chosen, bringIn)).finally(() => (file.value = ''));
  });
}

function keyOf(box: HTMLElement): string {
  return (box.dataset.rows ?? '').replace(/^f\./, '');
}

/** A row that comes in is called by a mark of its own, and so are its cells. */
function marked(box: HTMLElement, row: HTMLElement, mark: string): void {
  const own = markOf(box, row);
  const [before, after] = [own?.value ?? '', mark].map((one) => `${keyOf(box)}.${one}.`);
  for (const one of row.querySelectorAll<HTMLElement>('*')) {
    for (const attribute of [...one.attributes]) attribute.value = attribute.value.replace(before ?? '', after ?? '');
  }
  if (own) own.value = mark;
}

function markOf(box: HTMLElement, row: HTMLElement): HTMLInputElement | null {
  return row.querySelector<HTMLInputElement>(`input[name="${CSS.escape(box.dataset.rows ?? '')}"]`);
}

function cellsOf(row: HTMLElement): HTMLElement[] {
  return [...row.querySelectorAll<HTMLElement>('[data-cell]')];
}

function inputsOf(part: HTMLElement | null | undefined): Input[] {
  return [...(part?.querySelectorAll<Input>('input:not([type="hidden"]), select, textarea') ?? [])];
}

function copyCell(from: HTMLElement, to: HTMLElement | undefined): void {
  if (!to) return;
  const named = (cell: HTMLElement) => [...cell.querySelectorAll<Input>('[name]')].filter((one) => !one.closest('.files'));
  named(from).forEach((input, index) => take(named(to)[index], input));
  const [chosen, choice] = [from, to].map((cell) => cell.querySelector<HTMLInputElement>('[role="combobox"]'));
  if (chosen && choice) choice.value = chosen.value;
  const clear = to.querySelector<HTMLElement>('.clear');
  if (clear) clear.hidden = !choice?.value;
  const files = [...from.querySelectorAll('.files li')].map((one) => one.cloneNode(true) as HTMLElement);
  for (const hidden of files.flatMap((one) => [...one.querySelectorAll<HTMLInputElement>('[name]')])) hidden.name = `f.${to.dataset.name}`;
  to.querySelector('.files')?.replaceChildren(...files);
  to.dispatchEvent(new Event('change', { bubbles: true }));
}

function take(input: Input | undefined, from: Input): void {
  if (input instanceof HTMLInputElement && input.type === 'radio') input.checked = (from as HTMLInputElement).checked;
  else if (input) input.value = from.value;
}

/** Headings that are the table's own are not values. */
function withoutHeader(lines: string[][], box: HTMLElement): string[][] {
  const titles = [...box.querySelectorAll('th')].map((one) => one.textContent?.replace('*', '').trim());
  const isHeader = lines.length > 1 && lines[0]?.every((one) => titles.includes(one.trim()));
  return isHeader ? lines.slice(1) : lines;
}

/** A cell takes what a spreadsheet holds: an option by its title, a day in any order of signs, a number with its marks. */
function fill(cell: HTMLElement, text: string): void {
  if (cell.dataset.value !== undefined) return; // calculated
  const chooser = cell.querySelector('[data-chooser]');
  if (chooser) return void chooser.dispatchEvent(new CustomEvent('look', { detail: text }));
  const [input] = inputsOf(cell);
  if (!input || input.type === 'file') return;
  if (input instanceof HTMLSelectElement) {
    input.value = optionFor(input, text)?.value ?? '';
    cell.dispatchEvent(new Event('change', { bubbles: true }));
  } else if (input.type === 'radio') {
    for (const one of inputsOf(cell) as HTMLInputElement[]) one.checked = one.value === text;
  } else input.value = cell.dataset.kind === 'date' ? dayOf(text) : cell.dataset.kind === 'number' ? text.replace(/^[¥￥$€]\s*/, '') : text;
}

/** By its key or its title; one of a tree also by the last of its path, where only one is called so. */
function optionFor(select: HTMLSelectElement, text: string): HTMLOptionElement | undefined {
  const options = [...select.options];
  const wanted = text.split(/\s*[/／>]\s*/).join(' / ').toLowerCase();
  const last = options.filter((one) => one.text.toLowerCase().endsWith(` / ${wanted}`));
  return options.find((one) => [one.value, one.text].some((words) => words.toLowerCase() === wanted)) ?? (last.length === 1 ? last[0] : undefined);
}

/** 2026/1/5 and 2026年1月5日 are 2026-01-05. */
function dayOf(text: string): string {
  const found = /^(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})/.exec(text);
  return found ? `${found[1]}-${found[2]?.padStart(2, '0')}-${found[3]?.padStart(2, '0')}` : text;
}
