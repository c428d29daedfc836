/** The few words that the pages' scripts say themselves. The server puts them into <body data-words>, in the page's language. */
let known: Record<string, string> | null = null;

export function word(code: string): string {
  known ??= JSON.parse(document.body.dataset.words ?? '{}') as Record<string, string>;
  return known[code] ?? code;
}

export function toast(text: string): void {
  const line = document.createElement('p');
  line.className = 'toast';
  line.textContent = text;
  document.getElementById('toasts')?.append(line);
  setTimeout(() => line.remove(), 4000);
}
