/** A list of words as chips: Enter or a comma adds one, Backspace in the empty input takes the last away. */
import { X } from 'lucide-react';
import { useState } from 'react';

import { t } from '../../core/i18n';

export function Chip({ title, remove }: { title: string; remove?: (() => void) | undefined }) {
  return (
    <span className="b-chip">
      {title}
      {remove && (
        <button type="button" aria-label={t('builder.remove_one', { name: title })} onClick={remove}>
          <X size={12} aria-hidden />
        </button>
      )}
    </span>
  );
}

interface Props {
  label: string;
  values: readonly string[];
  onChange(values: string[]): void;
  disabled?: boolean;
}

export function Chips({ label, values, onChange, disabled }: Props) {
  const [text, setText] = useState('');
  const take = (typed: string) => {
    const words = typed
      .split(/[,，、\n]/)
      .map((word) => word.trim())
      .filter(Boolean);
    setText('');
    if (words.length) onChange([...new Set([...values, ...words])]);
  };
  const pressed = (event: React.KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'Enter') {
      event.preventDefault();
      take(text);
    } else if (event.key === 'Backspace' && !text && values.length) onChange(values.slice(0, -1));
  };
  const typed = (next: string) => (/[,，、\n]/.test(next) ? take(next) : setText(next));
  return (
    <div className="b-chips b-chip-input" role="group" aria-label={label}>
      {values.map((word) => (
        <Chip key={word} title={word} remove={disabled ? undefined : () => onChange(values.filter((one) => one !== word))} />
      ))}
      <input
        aria-label={t('builder.add_to', { name: label })}
        placeholder={t('builder.chips.help')}
        value={text}
        disabled={disabled}
        maxLength={200}
        onChange={(event) => typed(event.target.value)}
        onKeyDown={pressed}
        onBlur={() => take(text)}
      />
    </div>
  );
}
