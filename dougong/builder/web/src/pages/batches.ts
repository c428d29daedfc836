/** What is done in batches while a page shows how far it is: where no answer comes, it says so and asks again. */
const PAUSE = 3000; // ms

export function batches(): void {
  for (const failure of ['htmx:sendError', 'htmx:responseError']) document.addEventListener(failure, askAgain);
}

function askAgain(event: Event): void {
  const asking = (event.target as HTMLElement).closest<HTMLElement>('[data-batches]');
  const { status } = (event as CustomEvent<{ xhr: XMLHttpRequest }>).detail.xhr;
  if (!asking || (status >= 400 && status < 500)) return; // refused: it would be again
  for (const words of asking.querySelectorAll<HTMLElement>('[data-broken]')) words.hidden = false;
  setTimeout(() => asking.dispatchEvent(new Event('again')), PAUSE);
}
