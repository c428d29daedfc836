// @vitest-environment jsdom
import { beforeAll, expect, test, vi } from 'vitest';

import { batches } from '../src/pages/batches';

beforeAll(batches);

test.each([
  ['htmx:sendError', 0, 1],
  ['htmx:responseError', 502, 1],
  ['htmx:responseError', 403, 0],
])('after %s %i a batch is asked for again: %i', (failure, status, times) => {
  vi.useFakeTimers();
  document.body.innerHTML = '<div data-batches><p data-broken hidden></p></div>';
  const asking = document.querySelector('div')!;
  const asked = vi.fn();
  asking.addEventListener('again', asked);
  asking.dispatchEvent(new CustomEvent(failure, { bubbles: true, detail: { xhr: { status } } }));
  expect(document.querySelector('p')!.hidden).toBe(!times);
  vi.advanceTimersByTime(10_000);
  expect(asked).toHaveBeenCalledTimes(times);
  vi.useRealTimers();
});
