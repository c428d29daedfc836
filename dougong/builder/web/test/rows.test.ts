// @vitest-environment jsdom
/** A table in a form that is being filled: rows come, go and move; what is pasted is put into cells; columns are added up. */
import { afterEach, expect, test, vi } from 'vitest';

import { forms } from '../src/pages/form';
import given from '../../../schemas/vectors/rows.json';

const cell = (mark: string, key: string, kind: string, input: string) => `<td data-cell="${key}" data-name="items.${mark}.${key}" data-kind="${kind}">${input}</td>`;
const row = (mark: string) => `<tr data-row>
  ${cell(mark, 'part', 'text', `<label for="f-items.${mark}.part">Part</label><input id="f-items.${mark}.part" name="f.items.${mark}.part">`)}
  ${cell(mark, 'kind', 'choice', `<select name="f.items.${mark}.kind"><option value="">-</option><option value="new">全新</option></select>`)}
  ${cell(mark, 'day', 'date', `<input name="f.items.${mark}.day">`)}
  ${cell(mark, 'count', 'number', `<input name="f.items.${mark}.count">`)}
  <td data-cell="double" data-name="items.${mark}.double" data-kind="number" data-value="null" data-formula="count * 2"><p class="value">—</p></td>
  <td><input type="hidden" name="f.items" value="${mark}">${['copy', 'up', 'down', 'remove'].map((one) => `<button type="button" data-row-act="${one}"></button>`).join('')}</td></tr>`;
const KINDS = JSON.stringify({ part: 'text', kind: 'choice', day: 'date', count: 'number', double: 'number' });

async function drawn(): Promise<void> {
  document.body.innerHTML = `<div data-form data-zone="Asia/Shanghai">
    <div data-field="items" data-kind="rows" data-columns='${KINDS}'><div data-rows="f.items" data-max="4"><table>
      <thead><tr><th>Part *</th><th>Kind</th><th>Day</th><th>Count</th><th>Double</th></tr></thead><tbody>${row('0')}</tbody>
      <tfoot><tr><td data-total="items.double"><span class="value"></span></td></tr></tfoot></table>
      <template>${row('new')}</template><button type="button" data-add-row></button></div></div>
    <div data-field="sum" data-kind="number" data-value="null" data-formula="SUM(items.double) + ROWS(items)"><p class="value">—</p></div></div><div id="toasts"></div>`;
  forms(document);
  await vi.waitFor(() => expect(document.querySelector('[data-field="sum"] .value')?.textContent).not.toBe('—'));
  await vi.dynamicImportSettled();
}

const all = (key: string) => [...document.querySelectorAll<HTMLInputElement>(`tbody [data-cell="${key}"] :is(input, select)`)];
const values = (key: string) => all(key).map((one) => one.value);
const shown = (where: string) => document.querySelector(`${where} .value`)?.textContent;
const press = (where: string, at = 0) => document.querySelectorAll<HTMLElement>(where)[at]?.click();

function type(input: HTMLInputElement | undefined, value: string): void {
  input!.value = value;
  input!.dispatchEvent(new Event('input', { bubbles: true }));
}

function paste(input: HTMLElement | undefined, text: string): Event {
  const event = Object.assign(new Event('paste', { bubbles: true, cancelable: true }), { clipboardData: { getData: () => text } });
  input!.dispatchEvent(event);
  return event;
}

afterEach(() => document.body.replaceChildren());

test('rows are added with names of their own, calculated and added up', async () => {
  await drawn();
  type(all('count')[0], '2');
  press('[data-add-row]');
  type(all('count')[1], '1,000');
  expect(all('count').map((one) => one.name)).toEqual(['f.items.0.count', 'f.items.1.count']);
  expect(document.querySelector('label[for="f-items.1.part"]')).not.toBeNull();
  expect([shown('[data-cell="double"]'), shown('[data-total]'), shown('[data-field="sum"]')]).toEqual(['4', '2004', '2006']);
  press('[data-add-row]');
  expect(shown('[data-field="sum"]'), 'a row with nothing in it does not count').toBe('2006');
  for (let more = 0; more < 3; more += 1) press('[data-add-row]');
  expect(all('count')).toHaveLength(4);
  expect(document.querySelector<HTMLButtonElement>('[data-add-row]')!.disabled).toBe(true);
});

test('rows move and go, and what depends on them follows', async () => {
  await drawn();
  paste(all('part')[0], 'a\t\t\t1\nb\t\t\t2\nc\t\t\t3');
  press('[data-row-act="up"]', 2);
  expect(values('part')).toEqual(['a', 'c', 'b']);
  press('[data-row-act="down"]', 0);
  press('[data-row-act="up"]', 0);
  expect(values('part')).toEqual(['c', 'a', 'b']);
  press('[data-row-act="remove"]', 0);
  expect([values('part'), shown('[data-total]')]).toEqual([['a', 'b'], '6']);
  const marks = [...document.querySelectorAll<HTMLInputElement>('tbody [name="f.items"]')].map((one) => one.value);
  expect(marks).toEqual(['0', '1']);
});

test('a row is copied behind itself, until there is no room', async () => {
  await drawn();
  paste(all('part')[0], 'a\t全新\t\t1\nb\t\t\t2');
  press('[data-row-act="copy"]', 0);
  expect([values('part'), values('kind'), shown('[data-total]')]).toEqual([['a', 'a', 'b'], ['new', 'new', ''], '8']);
  press('[data-row-act="copy"]', 0);
  press('[data-row-act="copy"]', 0);
  expect(values('part')).toEqual(['a', 'a', 'a', 'b']);
  const marks = [...document.querySelectorAll<HTMLInputElement>('tbody [name="f.items"]')].map((one) => one.value);
  expect(new Set(marks).size).toBe(4);
});

test('cells of a spreadsheet go into cells, headings are left out, and what has no room changes nothing', async () => {
  await drawn();
  const event = paste(all('part')[0], 'Part\tKind\tDay\tCount\n滤芯\t全新\t2026/1/5\t￥3\n"a ""b"""\told\t2026年11月27日\t4\n');
  expect(event.defaultPrevented).toBe(true);
  expect([values('part'), values('kind'), values('day'), values('count')]).toEqual([['滤芯', 'a "b"'], ['new', ''], ['2026-01-05', '2026-11-27'], ['3', '4']]);
  expect(shown('[data-total]')).toBe('14');
  paste(all('count')[1], '1\n2\n3\n4\n5\n6');
  expect(values('count')).toEqual(['3', '4']);
  expect(document.getElementById('toasts')!.children).toHaveLength(1);
  expect(paste(all('part')[0], 'one word').defaultPrevented, 'one cell is pasted as ever').toBe(false);
});

test('Enter goes to the cell below and does not send the form', async () => {
  await drawn();
  all('count')[0]!.focus();
  const event = new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true });
  all('count')[0]!.dispatchEvent(event);
  expect([event.defaultPrevented, document.activeElement]).toEqual([true, all('count')[1]]);
});

/** The vectors that the server's tests run too (`tests/runtime/test_rows.py`). */
interface Drawn {
  key: string;
  kind?: string;
  formula?: string;
  columns?: Drawn[];
}
type Data = Record<string, unknown>;
const { vectors } = given as unknown as { vectors: { name: string; fields: Drawn[]; data: Data; answer: Data }[] };

test.each(vectors.map((one) => [one.name, one] as const))('rows follow what is around their table: %s', async (_name, { fields, data, answer }) => {
  const quoted = (text: string) => text.replaceAll('&', '&amp;').replaceAll('"', '&quot;');
  const kept = (name: string, one: Drawn, value: unknown) => `${name}="${one.key}" data-name="x" data-kind="${one.kind}" data-value="${quoted(JSON.stringify(value ?? null))}"${one.formula ? ` data-formula="${quoted(one.formula)}"` : ''}`;
  const line = (columns: Drawn[], row: Data, mark: number) => `<tr data-row>${columns.map((one) => (one.formula ? `<td ${kept('data-cell', one, null)}></td>` : `<td data-cell="${one.key}" data-name="t.${mark}.${one.key}" data-kind="${one.kind}"><input name="f.t.${mark}.${one.key}" value="${String(row[one.key] ?? '')}"></td>`)).join('')}</tr>`;
  const drawn = (one: Drawn) => {
    if (!one.columns) return `<div ${kept('data-field', one, data[one.key])}></div>`;
    const kinds = JSON.stringify(Object.fromEntries(one.columns.map(({ key, kind }) => [key, kind])));
    return `<div data-field="${one.key}" data-kind="rows" data-columns='${kinds}'><div data-rows="f.${one.key}"><table>${(data[one.key] as Data[]).map((row, mark) => line(one.columns ?? [], row, mark)).join('')}</table></div></div>`;
  };
  document.body.innerHTML = `<div data-form data-zone="UTC">${fields.map(drawn).join('')}</div>`;
  forms(document);
  await vi.dynamicImportSettled();
  const value = (part: Element | null | undefined) => JSON.parse((part as HTMLElement).dataset['value'] ?? 'null') as unknown;
  for (const [key, wanted] of Object.entries(answer)) {
    const field = document.querySelector(`[data-field="${key}"]`);
    if (!Array.isArray(wanted)) expect(value(field)).toEqual(wanted);
    else expect([...field!.querySelectorAll('[data-row]')].map((row, at) => Object.fromEntries(Object.keys(wanted[at] as Data).map((cell) => [cell, value(row.querySelector(`[data-cell="${cell}"]`))])))).toEqual(wanted);
  }
});
