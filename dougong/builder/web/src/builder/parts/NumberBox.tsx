/** An exact number. What is typed stays: while it is no number that is allowed, nothing is handed on, and once he has left it says what is. */
import { useId, useState } from 'react';

import { ungrouped } from '../../core/decimal';
import { t } from '../../core/i18n';

interface Props {
  id?: string;
  label?: string;
  value: string | number | undefined;
  onChange(value: string | undefined): void;
  integer?: boolean;
  min?: number | undefined;
  max?: number | undefined;
  placeholder?: string;
  disabled?: boolean;
}

/** `over`: the value before, and the one that it means; another that comes (undone, say) takes its place. */
interface Typed {
  text: string;
  over: (string | null)[];
  left?: boolean;
}

export function NumberBox({ id, label, value, onChange, integer, min, max, placeholder, disabled }: Props) {
  const given = value === undefined || value === null ? '' : String(value);
  const [typed, setTyped] = useState<Typed>();
  const told = useId();
  const read = (text: string) => readNumber(text, integer, min, max);
  const change = (text: string) => {
    const found = read(text);
    setTyped({ text, over: [given, found] });
    if (found !== null) onChange(found || undefined);
  };
  const shown = typed?.over.includes(given) ? typed.text : given;
  const wrong = read(shown) === null;
  const says = wrong && (typed?.left || !typed);
  return (
    <>
      <input
        id={id}
        aria-label={label}
        className="input"
        inputMode={integer ? 'numeric' : 'decimal'}
        value={shown}
        placeholder={placeholder ?? (min !== undefined && max !== undefined ? `${min}–${max}` : undefined)}
        disabled={disabled}
        aria-invalid={wrong || undefined}
        aria-describedby={says ? told : undefined}
        maxLength={30}
        onChange={(event) => change(event.target.value)}
        onBlur={() => setTyped(wrong && typed ? { ...typed, left: true } : undefined)}
      />
      {says && (
        <small className="error b-number" id={told} role="alert">
          {allowed(integer, min, max)}
        </small>
      )}
    </>
  );
}

function allowed(integer?: boolean, min?: number, max?: number): string {
  if (min !== undefined && max !== undefined) return t('builder.number.between', { min, max });
  if (min !== undefined) return t('builder.number.least', { min });
  return t(integer ? 'builder.number.whole' : 'builder.number.none');
}

/** As decimal text; '' for nothing, null for what is no number (yet). Commas and full-width digits are understood. */
export function readNumber(text: string, integer?: boolean, min?: number, max?: number): string | null {
  const plain = ungrouped(text.trim().replace(/[０-９．，－]/g, (one) => String.fromCharCode(one.charCodeAt(0) - 0xfee0)));
  if (!plain) return '';
  const found = /^(-?)0*(\d{1,18})(?:\.(\d{1,9}))?$/.exec(plain);
  if (!found || (integer && found[3] !== undefined)) return null;
  const [, sign, whole = '0', fraction] = found;
  const number = `${sign}${whole}${fraction ? `.${fraction}` : ''}`;
  if ((min !== undefined && Number(number) < min) || (max !== undefined && Number(number) > max)) return null;
  return number === '-0' ? '0' : number;
}
