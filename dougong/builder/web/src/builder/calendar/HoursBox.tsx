/** Hours of a day in one line: "09:00-12:00, 13:00-17:00". What is not understood is kept to be corrected, and not taken. */
import { useState } from 'react';

import { t } from '../../core/i18n';
import { said } from './days';
import { readHours } from './edits';
import type { Hours } from './types';

interface Props {
  label: string;
  value: Hours[];
  disabled: boolean;
  onChange(value: Hours[]): void;
}

export function HoursBox({ label, value, disabled, onChange }: Props) {
  const [text, setText] = useState<string | null>(null);
  const wrong = text !== null && readHours(text) === null;
  const leave = () => {
    if (text === null || wrong) return;
    const found = readHours(text) as Hours[];
    if (said(found) !== said(value)) onChange(found.map((one, index) => ({ ...one, uid: value[index]?.uid ?? one.uid })));
    setText(null);
  };
  return (
    <span className={wrong ? 'b-wrong bk-own' : 'bk-own'}>
      <input
        className="input" aria-label={label} aria-invalid={wrong || undefined} title={wrong ? t('builder.calendar.hours.wrong') : undefined} value={text ?? said(value)} disabled={disabled} maxLength={120}
        onChange={(event) => setText(event.target.value)} onBlur={leave} onKeyDown={(event) => event.key === 'Enter' && leave()}
      />
      {wrong && <span className="b-said b-error">{t('builder.calendar.hours.wrong')}</span>}
    </span>
  );
}
