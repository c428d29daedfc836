/** Values put into the fields of a generated form by something else than its reader. */

/** Put a value into a field of a form, or of a row, as if somebody had typed it: what a chosen record brings along. */
export function fillIn(part: HTMLElement, key: string, value: unknown, words = ''): void {
  const field = part.querySelector<HTMLElement>(`[data-${part.dataset.row === undefined ? 'field' : 'cell'}="${CSS.escape(key)}"]`);
  if (field) put(field, field.dataset.name ?? key, value, words);
}

export function put(field: HTMLElement, key: string, value: unknown, words: string): void {
  if (field.dataset.value !== undefined) {
    field.dataset.value = JSON.stringify(value ?? null); // only shown here; the server brings it along itself
    const shown = field.querySelector('.value');
    if (shown) shown.textContent = words || '—';
    return;
  }
  const many = Array.isArray(value) ? value.map(String) : [String(value ?? '')];
  for (const input of field.querySelectorAll<HTMLInputElement>(`[name="f.${CSS.escape(key)}"]`)) {
    if (input.type === 'radio' || input.type === 'checkbox') input.checked = many.includes(input.value);
    else if (typeof value !== 'object' || value === null) input.value = String(value ?? '');
  }
  if (field.dataset.kind === 'region' && value && typeof value === 'object') {
    field.dispatchEvent(new CustomEvent('place', { detail: value }));
  }
  field.dispatchEvent(new Event('change', { bubbles: true }));
}
