/** Forms that people fill: conditions felt at once, choosers, places, dates, uploads. The server decides again. */
import { type Tree } from '../core/types';
import { clockAt, type Clock } from '../core/clock';
import { holds, ME } from '../core/rules';
import { missing } from '../core/values';
import { choosers } from './choosers';
import { put } from './filling';
import { signing } from './signing';
import { dates } from './dates';
import { regions } from './regions';
import { uploads } from './uploads';

type Computed = typeof import('./computed').computed;

export function forms(within: Document | HTMLElement): void {
  const found = [...within.querySelectorAll<HTMLElement>('[data-form]')];
  if (within instanceof HTMLElement && within.matches('[data-form]')) found.push(within);
  for (const form of found) {
    if (form.dataset.ready) continue;
    form.dataset.ready = 'true';
    equip(form);
    signing(form);
    regions(form);
    let typed = false; // quicker than what calculates has come
    const felt = () => {
      typed = true;
      decide(form);
    };
    form.addEventListener('input', felt);
    form.addEventListener('change', felt);
    decide(form);
    if (form.querySelector('[data-checks]')) void import('./checks').then(({ checks }) => checks(form, () => standing(form), () => clockOf(form)));
    if (form.querySelector('[data-rows]')) void import('./rows').then(({ rows }) => rows(form));
    if (form.querySelector('[data-formula], [data-total]') && form.querySelector('[data-field] [name]')) void import('./computed').then(({ computed }) => calculating(form, computed, typed));
  }
}

/** What is drawn is made to work: the whole form, or a row that has come into it. */
export function equip(form: HTMLElement, part = form): void {
  choosers(form, part);
  dates(part);
  uploads(form, part);
  if (part.querySelector('[data-cascade]')) void import('./cascade').then(({ cascades }) => cascades(part));
}

/** From now on computed fields follow what is typed; at once what has not been calculated yet, or all where somebody has `typed`. */
function calculating(form: HTMLElement, computed: Computed, typed: boolean): void {
  const follow = (all: boolean) => {
    calculate(form, computed, all);
    decide(form);
  };
  form.addEventListener('input', () => follow(true));
  form.addEventListener('change', () => follow(true));
  follow(typed);
}

/** In the order they stand, since one may use those before it: computed fields, and of tables the rows and what columns come to. */
function calculate(form: HTMLElement, computed: Computed, all: boolean): void {
  const clock = clockOf(form);
  const come = (to: HTMLElement, formula: string, { kinds, data }: Standing) => computed(formula, to.dataset.places ? Number(to.dataset.places) : undefined, kinds, data, clock);
  const follow = (field: HTMLElement, key: string, stands: Standing) => {
    if (!all && stands.data[key] !== null) return;
    const { value, words } = come(field, field.dataset.formula ?? '', stands);
    stands.data[key] = value;
    put(field, key, value, words);
  };
  const stands = standing(form);
  for (const field of form.querySelectorAll<HTMLElement>('[data-field]')) {
    const key = field.dataset.field ?? '';
    if (field.dataset.formula) follow(field, key, stands);
    if (field.dataset.kind !== 'rows' || !field.querySelector('[data-rows]')) continue;
    for (const row of field.querySelectorAll<HTMLElement>('[data-row]')) {
      const inner = inRow(stands, row);
      for (const cell of row.querySelectorAll<HTMLElement>('[data-formula]')) follow(cell, cell.dataset.cell ?? '', inner);
    }
    stands.data[key] = valueOf(field, key);
    for (const sum of field.querySelectorAll<HTMLElement>('[data-total]')) {
      const shown = sum.querySelector('.value');
      if (shown) shown.textContent = come(sum, `SUM(${sum.dataset.total ?? ''})`, stands).words;
    }
  }
}

/** What the formulas of a row may name: its own fields go before those around its table. */
function inRow(around: Standing, row: HTMLElement): Standing {
  const own = standingIn(row);
  return { ...around, kinds: { ...around.kinds, ...own.kinds }, data: { ...around.data, ...own.data } };
}

/** Show and hide what the conditions say, on what stands in the form now. What cannot be decided here stays visible. */
export function decide(form: HTMLElement): void {
  const stands = standing(form);
  const clock = clockOf(form);
  for (const part of form.querySelectorAll<HTMLElement>('[data-when]')) part.hidden = !shows(part.dataset.when ?? '', stands, clock);
}

function clockOf(form: HTMLElement): Clock {
  return clockAt(new Date(), form.dataset.zone ?? 'UTC');
}

interface Standing {
  kinds: Record<string, string>;
  data: Record<string, unknown>;
  trees: Record<string, Record<string, string | null>>;
}

/** What stands in the form now, and of which kind it is; a column of a table in brackets. */
function standing(form: HTMLElement): Standing {
  const stands: Standing = { kinds: { [ME]: 'person' }, data: { [ME]: JSON.parse(form.dataset.me ?? 'null') }, trees: {} };
  for (const field of form.querySelectorAll<HTMLElement>('[data-field]')) {
    const key = field.dataset.field ?? '';
    stands.kinds[key] = field.dataset.kind ?? 'text';
    stands.data[key] = valueOf(field, key);
    if (field.dataset.tree) stands.trees[key] = JSON.parse(field.dataset.tree) as Standing['trees'][string];
    const columns = JSON.parse(field.dataset.columns ?? '{}') as Record<string, string>;
    for (const [column, kind] of Object.entries(columns)) stands.kinds[`${key}.${column}`] = `[${kind}]`;
  }
  return stands;
}

/** The same of a row of a table. */
function standingIn(row: HTMLElement): Standing {
  const stands: Standing = { kinds: {}, data: {}, trees: {} };
  for (const cell of row.querySelectorAll<HTMLElement>('[data-cell]')) {
    const key = cell.dataset.cell ?? '';
    stands.kinds[key] = cell.dataset.kind ?? 'text';
    stands.data[key] = valueOf(cell, cell.dataset.name ?? '');
  }
  return stands;
}

/** The rows in which something was typed, as the server takes them in. */
function rowsOf(table: HTMLElement): Record<string, unknown>[] {
  return [...table.querySelectorAll<HTMLElement>('[data-row]')].filter(isTyped).map((row) => standingIn(row).data);
}

/** Was something filled into the row? */
export function isTyped(row: HTMLElement): boolean {
  return [...row.querySelectorAll<HTMLElement>('[data-cell]:not([data-value])')].some((cell) => !missing(valueOf(cell, cell.dataset.name ?? '')));
}

function shows(tree: string, { kinds, data, trees }: Standing, clock: Clock): boolean {
  try {
    return holds(JSON.parse(tree) as Tree, kinds, data, clock, trees);
  } catch {
    return true;
  }
}

/** What stands in a field, as the server would load it. */
export function valueOf(field: HTMLElement, key: string): unknown {
  if (field.dataset.value !== undefined) return JSON.parse(field.dataset.value) as unknown;
  const named = `[name="f.${CSS.escape(key)}"]`;
  switch (field.dataset.kind) {
    case 'choices':
      return [...field.querySelectorAll<HTMLInputElement>(`${named}:checked`)].map((input) => input.value);
    case 'files':
      return [...field.querySelectorAll<HTMLInputElement>(named)].map((input) => input.value).filter(Boolean);
    case 'rows':
      return rowsOf(field);
    case 'boolean': {
      const chosen = field.querySelector<HTMLInputElement | HTMLSelectElement>(`${named}:checked, select${named}`)?.value;
      return chosen ? chosen === 'true' : null;
    }
    case 'region':
      return [...field.querySelectorAll<HTMLSelectElement>('select')].map((level) => level.value).findLast(Boolean) ?? null;
    case 'person':
    case 'unit':
    case 'record': {
      const id = field.querySelector<HTMLInputElement>(named)?.value;
      return id ? { id, title: field.querySelector<HTMLInputElement>('[role="combobox"]')?.value ?? '' } : null;
    }
    case 'number': {
      const typed = field.querySelector<HTMLInputElement>(`${named}:checked, ${named}:not([type="radio"])`)?.value;
      return typed ? typed.replaceAll(',', '').trim() : null;
    }
  }
  const radio = field.querySelector<HTMLInputElement>(`${named}[type="radio"]`);
  if (radio) return field.querySelector<HTMLInputElement>(`${named}:checked`)?.value ?? null;
  return field.querySelector<HTMLInputElement>(named)?.value || null;
}
