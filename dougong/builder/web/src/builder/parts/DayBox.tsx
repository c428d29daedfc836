/** A day, or a moment on the company's clock: typed, or taken from the calendar that the forms of the house have. Only what is one is handed on. */
import './day.css';

import { Calendar } from 'lucide-react';
import { useEffect, useId, useRef } from 'react';

import { language, t } from '../../core/i18n';
import { momentOf, readDay, readWall, wallOf, zoneName } from '../../core/moments';
import { dates, judge } from '../../pages/dates';

interface Props {
  id?: string | undefined;
  label: string;
  timed?: boolean;
  /** 2026-01-31; with a time 2026-01-31 09:30. */
  value: string;
  onChange(value: string | undefined): void;
  disabled?: boolean | undefined;
  /** It may not be emptied. */
  needed?: boolean;
}

export function DayBox({ id, label, timed, value, onChange, disabled, needed }: Props) {
  const own = useId();
  const box = useRef<HTMLSpanElement>(null);
  const input = useRef<HTMLInputElement>(null);
  const now = useRef({ value, onChange });
  now.current = { value, onChange };
  useEffect(() => {
    const give = (text: string) => text !== now.current.value && now.current.onChange(text || undefined);
    const typing = () => { // what is not whole yet waits until the field is left
      const text = input.current?.value ?? '';
      if (text ? (timed ? readWall : readDay)(text) === text : !needed) give(text);
    };
    const left = () => {
      const found = input.current as HTMLInputElement;
      if (needed && !found.value) found.value = now.current.value;
      if (!found.hasAttribute('aria-invalid')) give(found.value);
    };
    if (box.current) dates(box.current.parentElement as HTMLElement);
    input.current?.addEventListener('input', typing); // the calendar puts in what React would not hear of
    input.current?.addEventListener('change', left);
  }, []);
  useEffect(() => {
    if (!input.current || !box.current || input.current.value.trim() === value) return;
    input.current.value = value;
    judge(box.current);
  }, [value]);
  return (
    <div className="b-day">
      <span ref={box} className="b-day-box" data-day={timed ? 'time' : ''} data-needed={needed ? '' : undefined}>
        <input ref={input} id={id ?? own} className="input" aria-label={label} autoComplete="off" inputMode={timed ? undefined : 'numeric'} placeholder={timed ? '2026-01-31 09:30' : '2026-01-31'} maxLength={40} defaultValue={value} disabled={disabled} />
        <button type="button" className="button small icon-only" aria-label={t('builder.day.open', { name: label })} disabled={disabled}><Calendar size={15} aria-hidden /></button>
      </span>
      {timed && <span className="b-help">{zoneName(language())}</span>}
    </div>
  );
}

/** The same of a moment as it is kept: 2026-01-31T01:30:00Z (or still without its zone). */
export function MomentBox({ value, onChange, ...rest }: Omit<Props, 'timed'>) {
  return <DayBox {...rest} timed value={readWall(value) ?? wallOf(value)} onChange={(wall) => onChange(wall && momentOf(wall))} />;
}
