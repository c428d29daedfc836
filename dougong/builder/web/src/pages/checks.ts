/** Checks on submit: what is not so is said at its field before the form is sent. Loaded where there are any; the server checks again. */
import type { Clock } from '../core/clock';
import type { Data, Kinds } from '../core/rules';
import { computed } from './computed';

interface Check {
  formula: string;
  message: string;
}

export interface Standing {
  kinds: Kinds;
  data: Record<string, unknown>;
}

export function checks(form: HTMLElement, standing: () => Standing, clock: () => Clock): void {
  const sheet = form.closest('form');
  const fields = [...form.querySelectorAll<HTMLElement>('[data-checks]')];
  if (!sheet || !fields.length) return;
  const untrue = (submitter?: HTMLElement | null): HTMLElement[] => {
    const { kinds, data } = standing();
    if (submitter instanceof HTMLButtonElement && submitter.name.startsWith('f.')) data[submitter.name.slice(2)] = submitter.value; // the button is the answer
    return fields.filter((field) => !field.closest('[hidden]') && say(field, (JSON.parse(field.dataset.checks ?? '[]') as Check[]).find((one) => fails(one, kinds, data, clock()))));
  };
  sheet.addEventListener('submit', (event) => {
    const other = event.submitter?.getAttribute('formaction');
    if (other && !other.endsWith('/approve')) return; // who refuses, or sends back, need not be right
    const [first] = untrue(event.submitter);
    if (!first) return;
    event.preventDefault();
    event.stopPropagation();
    first.querySelector<HTMLElement>('input:not([type="hidden"]), select, textarea')?.focus();
  });
  form.addEventListener('input', () => form.querySelector('[data-untrue]') && untrue());
  form.addEventListener('change', () => form.querySelector('[data-untrue]') && untrue());
}

function fails({ formula }: Check, kinds: Kinds, data: Data, clock: Clock): boolean {
  return computed(formula, undefined, kinds, data, clock).value === false;
}

/** Is there something to be said at this field? */
function say(field: HTMLElement, check: Check | undefined): boolean {
  field.querySelector('[data-untrue]')?.remove();
  if (!check) return false;
  const line = document.createElement('p');
  line.className = 'error';
  line.dataset.untrue = '';
  line.setAttribute('role', 'alert');
  line.textContent = check.message;
  field.append(line);
  return true;
}
