import { expect, test } from 'vitest';
import { routes } from '../src/pages/route';

function drawn(...states: string[]): HTMLElement {
  document.body.innerHTML = `<div class="route-scroll"><svg>${states.map((state) => `<g class="route-node ${state}"><rect/></g>`).join('')}</svg></div>`;
  document.querySelectorAll('rect').forEach((rect, at) => (rect.getBoundingClientRect = () => new DOMRect(400 * at, 0, 100, 50)));
  const box = document.querySelector<HTMLElement>('.route-scroll')!;
  box.getBoundingClientRect = () => new DOMRect(0, 0, 300, 50);
  return box;
}

test('the drawing shows where the ticket stands; once it has ended, where that was', () => {
  const found = (...states: string[]) => {
    const box = drawn(...states);
    routes(document);
    return box.scrollLeft;
  };
  expect(found('done', 'current', 'ahead')).toBe(300);
  expect(found('done', 'off', 'done', 'off')).toBe(700);
  expect(found('off', 'possible')).toBe(0);
});
