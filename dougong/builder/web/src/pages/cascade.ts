/** A tree of options is chosen level by level; the one box that the server has drawn keeps the value. Loaded where there is one. */

interface Branch {
  key: string;
  title: Record<string, string>;
  parent?: string;
}

export function cascades(form: HTMLElement): void {
  for (const box of form.querySelectorAll<HTMLElement>('[data-cascade]')) cascade(box);
}

function cascade(box: HTMLElement): void {
  const kept = box.querySelector('select');
  if (!kept) return;
  const tree = JSON.parse(box.dataset.cascade ?? '[]') as Branch[];
  const within = (parent?: string) => tree.filter((one) => one.parent === parent);
  kept.hidden = true;

  /** A box for each chosen option and one for what lies in the last. */
  const draw = (path: string[]): HTMLSelectElement[] => {
    const levels = [undefined, ...path].map(within).filter((options) => options.length);
    const boxes = levels.map((options, level) => levelBox(kept, options, path[level] ?? '', () => choose([...path.slice(0, level), boxes[level]?.value ?? ''].filter(Boolean), level)));
    box.replaceChildren(kept, ...boxes);
    return boxes;
  };
  const choose = (path: string[], level: number) => {
    const boxes = draw(path);
    boxes[level]?.focus();
    const last = path.at(-1);
    kept.value = last !== undefined && !within(last).length ? last : '';
    kept.dispatchEvent(new Event('change', { bubbles: true }));
  };
  const pathOf = (key: string): string[] => {
    const one = tree.find((option) => option.key === key);
    return one ? [...(one.parent ? pathOf(one.parent) : []), key] : [];
  };
  draw(pathOf(kept.value));
  box.closest('[data-cell], [data-field]')?.addEventListener('change', (event) => event.target !== kept && !box.contains(event.target as Node) && draw(pathOf(kept.value))); // a record has filled it in
}

function levelBox(kept: HTMLSelectElement, options: Branch[], chosen: string, changed: () => void): HTMLSelectElement {
  const made = document.createElement('select');
  made.className = 'input';
  const nothing = kept.options[0]?.text ?? '';
  made.append(new Option(nothing, ''), ...options.map(({ key, title }) => new Option(titled(title), key)));
  made.setAttribute('aria-label', nothing);
  if (kept.getAttribute('aria-invalid')) made.setAttribute('aria-invalid', 'true');
  made.value = chosen;
  made.addEventListener('change', (event) => {
    event.stopPropagation();
    changed();
  });
  return made;
}

function titled(title: Record<string, string>): string {
  const tag = document.documentElement.lang;
  return title[tag] || Object.values(title).find(Boolean) || '';
}
