/** A text in every language of the platform, one input below the other. */
import { useId } from 'react';

import { LANGUAGES, t, TAGS } from '../../core/i18n';
import { typed } from '../../core/typed';
import type { Text } from '../../core/types';

interface Props {
  value: Text | undefined;
  onChange(value: Text | undefined): void;
  label: string;
  /** May it be empty? Then an empty text is no text at all. */
  optional?: boolean;
  rows?: number;
  disabled?: boolean;
  autoFocus?: boolean;
}

export function TextBox({ value, onChange, label, optional, rows, disabled, autoFocus }: Props) {
  const id = useId();
  const set = (tag: string, words: string) => {
    const next = { ...value, [tag]: typed(words) };
    if (!words && optional) delete next[tag];
    onChange(Object.values(next).some(Boolean) || !optional ? next : undefined);
  };
  return (
    <div className="b-texts" role="group" aria-label={label}>
      {LANGUAGES.map((tag, index) => {
        const shared = {
          id: `${id}-${tag}`,
          value: value?.[tag] ?? '',
          disabled,
          maxLength: 2000,
          lang: tag,
          'aria-label': `${label} ${t(`builder.language.${tag}`)}`,
          autoFocus: autoFocus && index === 0,
          onChange: (event: { target: { value: string } }) => set(tag, event.target.value),
        };
        return (
          <label key={tag} className="b-text-row" htmlFor={shared.id}>
            <span aria-hidden>{TAGS[tag]}</span>
            {rows ? <textarea className="input" rows={rows} {...shared} /> : <input className="input" {...shared} />}
          </label>
        );
      })}
    </div>
  );
}
