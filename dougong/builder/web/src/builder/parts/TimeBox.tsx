/** A time of day: typed (9:30, 0930), or turned by the arrow keys. What is none stays to be corrected, is told, and not taken. */
import { useId, useState } from 'react';

import { t } from '../../core/i18n';
import { readTime, turned } from '../../core/moments';

interface Props {
  id?: string;
  label: string;
  /** 09:30, or nothing yet. */
  value: string;
  /** The end of a shift may be the end of the day: midnight is 24:00 there. */
  end?: boolean;
  disabled: boolean;
  onChange(value: string): void;
  /** It may be left out. */
  onClear?(): void;
}

const NINE = '09:00';

export function TimeBox({ id, label, value, end, disabled, onChange, onClear }: Props) {
  const said = useId();
  const [text, setText] = useState<string>();
  const [wrong, setWrong] = useState(false);
  const read = (typed: string) => {
    const found = end && /^24[:：]?00$/.test(typed.trim()) ? '00:00' : readTime(typed);
    return end && found === '00:00' ? '24:00' : found;
  };
  const give = (found: string) => {
    setText(undefined);
    setWrong(false);
    if (found && found !== value) onChange(found);
    if (!found && value) onClear?.();
  };
  const leave = () => {
    if (text === undefined) return;
    const found = read(text);
    if (found) give(found);
    else if (text.trim()) setWrong(true);
    else give('');
  };
  const press = (event: React.KeyboardEvent) => {
    const steps = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    const at = readTime((text ?? (value || NINE)).replace('24:', '00:'));
    if (event.key === 'Enter') leave();
    if (!steps || !at) return;
    event.preventDefault();
    give(read(turned(at, steps)) as string);
  };
  return (
    <>
      <input
        id={id} className="input" inputMode="numeric" autoComplete="off" maxLength={8} aria-label={label} aria-invalid={wrong || undefined} aria-describedby={wrong ? said : undefined}
        value={text ?? value} disabled={disabled} onChange={(event) => setText(event.target.value)} onBlur={leave} onKeyDown={press}
      />
      {wrong && <span id={said} className="b-said b-error" role="alert">{t('builder.time.wrong', { found: text ?? '' })}</span>}
    </>
  );
}
