/** The calendar beside a date: its days, for a moment the time too, today and nothing. Loaded when one is first opened. */
import 'cally';

import { readDay, readTime, readWall, turned, wallOf, zoneName } from '../core/moments';
import { word } from './words';

const NINE = '09:00'; // where only a day was chosen
const GAP = 4; // pixels

let shut: (() => void) | undefined; // one is open at a time

/** Opens it at its box, or closes it there. A moment is chosen in two steps, so it stays open until it is done. */
export function toggle(box: HTMLElement, input: HTMLInputElement, button: HTMLElement): void {
  const mine = button.getAttribute('aria-expanded') === 'true';
  shut?.();
  if (mine || input.disabled || !box.isConnected) return; // it has come late
  const timed = box.dataset.day === 'time';
  const stands = (timed ? readWall : readDay)(input.value) ?? '';
  const days = month(stands.slice(0, 10));
  const time = timed ? clock(stands.slice(11) || NINE) : null;
  const put = (value: string) => {
    input.value = value;
    input.dispatchEvent(new Event('change', { bubbles: true }));
  };
  const done = () => {
    shut?.();
    input.focus();
  };
  const take = () => put(time ? `${days.value} ${readTime(time.value) ?? NINE}` : days.value);
  const now = () => wallOf(new Date()).slice(0, timed ? 16 : 10);
  days.addEventListener('change', () => {
    take();
    if (!timed) done();
  });
  time?.addEventListener('change', () => days.value && readTime(time.value) && take());
  time?.addEventListener('keydown', (event) => event.key === 'Enter' && (event.preventDefault(), done()));
  const foot = element('div', 'calendar-foot', [
    act(timed ? 'form.now' : 'form.today', () => (put(now()), done())),
    ...(input.value && box.dataset.needed === undefined ? [act('form.clear', () => (put(''), done()))] : []),
    ...(timed ? [act('form.done', done)] : []),
  ]);
  const card = element('div', 'calendar', [days, ...(time ? [element('label', 'calendar-time', [word('form.time'), time, element('span', 'muted small', [zoneName(document.documentElement.lang)])])] : []), foot]);
  show(card, box, button, done);
  setTimeout(() => days.focus()); // when it has been drawn
}

interface Days extends HTMLElement {
  value: string;
}

function month(value: string): Days {
  const days = document.createElement('calendar-date') as Days;
  const locale = document.documentElement.lang.startsWith('en') ? 'en-GB' : 'zh-CN';
  const today = wallOf(new Date()).slice(0, 10);
  for (const [name, said] of Object.entries({ locale, today, value, 'first-day-of-week': '1' })) days.setAttribute(name, said);
  const turn = (slot: string, sign: string, words: string) => Object.assign(element('span', '', [sign]), { slot, role: 'img', ariaLabel: word(words) });
  const head = Object.assign(element('span', '', []), { slot: 'heading', ariaHidden: 'true' });
  const named = new Intl.DateTimeFormat(locale, { year: 'numeric', month: 'long', timeZone: 'UTC' });
  const entitle = (day: Date) => (head.textContent = named.format(day));
  entitle(new Date(value || today));
  days.addEventListener('focusday', (event) => entitle((event as CustomEvent<Date>).detail));
  days.append(turn('previous', '‹', 'form.previous_month'), head, turn('next', '›', 'form.next_month'), document.createElement('calendar-month'));
  return days;
}

/** A time of day: typed, or turned by the arrow keys. */
function clock(value: string): HTMLInputElement {
  const time = Object.assign(document.createElement('input'), { className: 'input', value, inputMode: 'numeric', autocomplete: 'off', maxLength: 8 });
  time.addEventListener('change', () => {
    const found = readTime(time.value);
    time.setAttribute('aria-invalid', String(!found));
    if (found) time.value = found;
  });
  time.addEventListener('keydown', (event) => {
    const steps = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    const at = readTime(time.value);
    if (!steps || !at) return;
    event.preventDefault();
    time.value = turned(at, steps);
    time.dispatchEvent(new Event('change'));
  });
  return time;
}

function act(words: string, press: () => void): HTMLElement {
  const button = Object.assign(element('button', 'button small', [word(words)]), { type: 'button' });
  button.addEventListener('click', press);
  return button;
}

function element(name: string, className: string, inside: (Node | string)[]): HTMLElement {
  const found = Object.assign(document.createElement(name), { className });
  found.append(...inside);
  return found;
}

/** Above everything (where the browser can), by its box, until Escape or until somebody goes elsewhere. */
function show(card: HTMLElement, box: HTMLElement, button: HTMLElement, done: () => void): void {
  const over = new AbortController();
  const { signal } = over;
  const place = () => {
    const at = box.getBoundingClientRect();
    const below = at.bottom + GAP + card.offsetHeight <= window.innerHeight;
    const top = below ? at.bottom + GAP : Math.max(GAP, at.top - GAP - card.offsetHeight);
    Object.assign(card.style, { top: `${top}px`, left: `${Math.max(GAP, Math.min(at.left, window.innerWidth - card.offsetWidth - GAP))}px` });
  };
  const leave = ({ target }: Event) => target instanceof Node && !card.contains(target) && !box.contains(target) && shut?.();
  shut = () => {
    over.abort();
    card.remove();
    button.setAttribute('aria-expanded', 'false');
    shut = undefined;
  };
  card.setAttribute('role', 'dialog');
  card.setAttribute('aria-label', button.getAttribute('aria-label') ?? '');
  button.setAttribute('aria-expanded', 'true');
  const floats = 'showPopover' in card;
  if (floats) card.popover = 'manual';
  box.after(card);
  if (floats) card.showPopover();
  place();
  new ResizeObserver(place).observe(card); // it is drawn a moment later
  card.addEventListener('keydown', (event) => event.stopPropagation());
  document.addEventListener('pointerdown', leave, { capture: true, signal });
  document.addEventListener('focusin', leave, { capture: true, signal });
  window.addEventListener('resize', place, { signal });
  window.addEventListener('scroll', place, { capture: true, signal });
  const escape = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || !card.isConnected) return;
    event.stopPropagation(); // only the calendar: what it stands in stays open
    event.preventDefault();
    done();
  };
  window.addEventListener('keydown', escape, { capture: true, signal });
}
