/** A file for an import: chosen or dropped, and named once it is there. */
export function drops(): void {
  for (const box of document.querySelectorAll<HTMLElement>('[data-file-drop]')) {
    const input = box.querySelector('input');
    const name = box.querySelector('[data-file-name]');
    if (!input || !name) continue;
    const asked = name.textContent;
    input.addEventListener('change', () => {
      name.textContent = input.files?.[0]?.name ?? asked;
      box.classList.toggle('chosen', Boolean(input.files?.length));
    });
    box.closest('form')?.addEventListener('submit', () => (name.textContent = box.dataset.busy ?? '')); // a large one takes a while
    addEventListener('pageshow', () => (name.textContent = input.files?.[0]?.name ?? asked)); // whoever comes back finds it as it was
    for (const kind of ['dragenter', 'dragover', 'dragleave', 'drop']) {
      box.addEventListener(kind, (event) => {
        event.preventDefault();
        box.classList.toggle('over', kind === 'dragenter' || kind === 'dragover');
      });
    }
    box.addEventListener('drop', (event) => {
      const files = event.dataTransfer?.files;
      if (!files?.length) return;
      input.files = files;
      input.dispatchEvent(new Event('change', { bubbles: true }));
    });
  }
}
