/** A calendar beside a date that can also be typed. Loaded when it is first opened. */
import { floating } from './floating';
import { word } from './words';

export function dates(form: HTMLElement): void {
  for (const box of form.querySelectorAll<HTMLElement>('[data-date]')) {
    const input = box.querySelector('input');
    const button = box.querySelector('button');
    if (input && button) button.addEventListener('click', () => void toggle(box, input, box.dataset.date === 'time'));
  }
}

async function toggle(box: HTMLElement, input: HTMLInputElement, timed: boolean): Promise<void> {
  const open = box.parentElement?.querySelector('.calendar');
  if (open) {
    open.remove();
    return;
  }
  await import('cally');
  const card = document.createElement('div');
  card.className = 'calendar';
  const calendar = document.createElement('calendar-date');
  calendar.setAttribute('locale', document.documentElement.lang.startsWith('en') ? 'en-GB' : 'zh-CN');
  calendar.setAttribute('first-day-of-week', '1');
  if (/^\d{4}-\d{2}-\d{2}/.test(input.value)) calendar.setAttribute('value', input.value.slice(0, 10));
  const turn = (slot: string, sign: string, words: string) => Object.assign(document.createElement('span'), { slot, textContent: sign, role: 'img', ariaLabel: words });
  calendar.append(turn('previous', '‹', word('form.previous_month')), turn('next', '›', word('form.next_month')), document.createElement('calendar-month'));
  card.append(calendar);
  box.after(card);
  floating(card, box, () => card.remove());
  const away = (event: Event): void => {
    const target = event.target as Node;
    if (event.type === 'keydown' ? (event as KeyboardEvent).key !== 'Escape' : card.contains(target) || box.contains(target)) return;
    card.remove();
    document.removeEventListener('pointerdown', away);
    document.removeEventListener('keydown', away);
  };
  document.addEventListener('pointerdown', away);
  document.addEventListener('keydown', away);
  calendar.addEventListener('change', () => {
    const day = (calendar as unknown as { value: string }).value;
    input.value = timed ? `${day} ${input.value.slice(11, 16) || '09:00'}` : day;
    input.dispatchEvent(new Event('change', { bubbles: true }));
    card.remove();
    input.focus();
  });
}
