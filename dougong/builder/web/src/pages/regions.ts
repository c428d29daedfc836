/** Province, city, district: each box offers what lies in the one before it. */
interface Place {
  code: string;
  name: string;
}

export function regions(form: HTMLElement): void {
  const address = form.dataset.regions;
  if (!address) return;
  for (const box of form.querySelectorAll<HTMLElement>('[data-region]')) {
    const levels = [...box.querySelectorAll<HTMLSelectElement>('select')];
    levels.forEach((level, index) => {
      level.addEventListener('change', () => void below(address, levels, index));
      // Chosen before this ran (a slow connection), or put back by the browser: what lies in it is owed still.
      if (level.value && levels[index + 1]?.options.length === 1) void below(address, levels, index);
    });
    box.closest('[data-field]')?.addEventListener('place', (event) => {
      void put(address, box, levels, (event as CustomEvent<{ region: string; detail?: string }>).detail);
    });
  }
}

/** Offer what lies in the chosen place, and empty the boxes after it. */
async function below(address: string, levels: HTMLSelectElement[], index: number): Promise<void> {
  const chosen = levels[index]?.value ?? '';
  for (const level of levels.slice(index + 1)) offer(level, []);
  const next = levels[index + 1];
  if (!next || !chosen) return;
  const places = await inside(address, chosen);
  if (levels[index]?.value === chosen) offer(next, places); // else another place was chosen meanwhile
}

/** Set all boxes at once: from a record that was chosen. */
async function put(address: string, box: HTMLElement, levels: HTMLSelectElement[], place: { region: string; detail?: string }): Promise<void> {
  const lengths = [2, 4, 6, 9];
  for (const [index, level] of levels.entries()) {
    const code = index === 2 ? place.region : place.region.slice(0, lengths[index]);
    if (index > 0) offer(level, await inside(address, place.region.slice(0, lengths[index - 1])));
    level.value = code.length >= (lengths[index] ?? 0) ? code : '';
  }
  const detail = box.querySelector<HTMLInputElement>('input');
  if (detail) detail.value = place.detail ?? '';
}

async function inside(address: string, parent: string): Promise<Place[]> {
  const answer = await fetch(`${address}?${new URLSearchParams({ parent })}`);
  return answer.ok ? ((await answer.json()) as Place[]) : [];
}

function offer(level: HTMLSelectElement, places: Place[]): void {
  const first = level.options[0];
  level.replaceChildren(...(first ? [first] : []), ...places.map(({ code, name }) => new Option(name, code)));
  level.value = '';
}
