/** A date, with a time or without: typed, or taken from the calendar that the forms of the house have. */
import './day.css';

import { Calendar } from 'lucide-react';
import { useEffect, useRef } from 'react';

import { t } from '../../core/i18n';
import { dates } from '../../pages/dates';

interface Props {
  id?: string;
  label: string;
  timed?: boolean;
  /** 2026-01-31; with a time 2026-01-31 09:30, or as it is kept. */
  value: string;
  onChange(value: string | undefined): void;
  disabled?: boolean;
}

export function DayBox({ id, label, timed, value, onChange, disabled }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const input = useRef<HTMLInputElement>(null);
  const shown = timed ? value.replace('T', ' ').slice(0, 16) : value;
  const changed = useRef(onChange);
  changed.current = onChange;
  useEffect(() => {
    const typed = () => changed.current(input.current?.value.trim() || undefined);
    if (box.current) dates(box.current);
    for (const event of ['input', 'change']) input.current?.addEventListener(event, typed); // the calendar puts in what React would not hear of
  }, []);
  useEffect(() => {
    if (input.current && input.current.value.trim() !== shown) input.current.value = shown;
  }, [shown]);
  return (
    <div ref={box} className="b-day">
      <span className="b-day-box" data-date={timed ? 'time' : ''}>
        <input ref={input} id={id} className="input" aria-label={label} autoComplete="off" inputMode={timed ? undefined : 'numeric'} placeholder={timed ? '2026-01-31 09:30' : '2026-01-31'} maxLength={40} defaultValue={shown} disabled={disabled} />
        <button type="button" className="button small icon-only" aria-label={t('builder.day.open', { name: label })} disabled={disabled}><Calendar size={15} aria-hidden /></button>
      </span>
    </div>
  );
}
