/** Province, city, district: each box offers what lies in the one before it. */
import { asked } from './asked';

interface Place {
  code: string;
  name: string;
}

export function regions(form: HTMLElement): void {
  const address = form.dataset.regions;
  if (!address) return;
  for (const box of form.querySelectorAll<HTMLElement>('[data-region]')) cascading(address, box);
}

/** What is chosen last counts, by hand or by a record: what is under way for an earlier choice is dropped. */
function cascading(address: string, box: HTMLElement): void {
  const levels = [...box.querySelectorAll<HTMLSelectElement>('select')];
  let choices = 0;

  /** Offer what lies in the chosen place, and empty the boxes after it. */
  const below = async (index: number): Promise<void> => {
    const mine = ++choices;
    const chosen = levels[index]?.value ?? '';
    for (const level of levels.slice(index + 1)) offer(level, []);
    const next = levels[index + 1];
    if (!next || !chosen) return;
    const places = await inside(address, chosen);
    if (mine === choices) offer(next, places);
  };

  /** Set all boxes at once: from a record that was chosen. */
  const put = async ({ region, detail }: { region: string; detail?: string }): Promise<void> => {
    const mine = ++choices;
    const lengths = [2, 4, 6, 9];
    const street = box.querySelector<HTMLInputElement>('input');
    if (street) street.value = detail ?? '';
    for (const [index, level] of levels.entries()) {
      const places = index > 0 ? await inside(address, region.slice(0, lengths[index - 1])) : null;
      if (mine !== choices) return;
      if (places) offer(level, places);
      const code = index === 2 ? region : region.slice(0, lengths[index]);
      level.value = code.length >= (lengths[index] ?? 0) ? code : '';
    }
    box.dispatchEvent(new Event('change', { bubbles: true })); // conditions may look at the place
  };

  levels.forEach((level, index) => {
    level.addEventListener('change', () => void below(index));
    // Chosen before this ran (a slow connection), or put back by the browser: what lies in it is owed still.
    if (level.value && levels[index + 1]?.options.length === 1) void below(index);
  });
  box.closest('[data-field]')?.addEventListener('place', (event) => void put((event as CustomEvent<{ region: string; detail?: string }>).detail));
}

async function inside(address: string, parent: string): Promise<Place[]> {
  return (await asked<Place[]>(`${address}?${new URLSearchParams({ parent })}`)) ?? [];
}

function offer(level: HTMLSelectElement, places: Place[]): void {
  const first = level.options[0];
  level.replaceChildren(...(first ? [first] : []), ...places.map(({ code, name }) => new Option(name, code)));
  level.value = '';
}
