/** A text in the languages of the company, one input below the other. */
import { useId } from 'react';

import { bracketed, tagOf, writtenIn } from '../../core/i18n';
import { typed } from '../../core/typed';
import type { Text } from '../../core/types';
import { useSurroundings } from '../context';

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
  const { languages } = useSurroundings().where;
  const set = (tag: string, words: string) => {
    const next = { ...value, [tag]: typed(words) };
    if (!words && optional) delete next[tag];
    onChange(Object.values(next).some(Boolean) || !optional ? next : undefined);
  };
  return (
    <div className="b-texts" role="group" aria-label={label}>
      {writtenIn(languages, value).map((tag, index) => {
        const shared = {
          id: `${id}-${tag}`,
          value: value?.[tag] ?? '',
          disabled,
          maxLength: 2000,
          lang: tag,
          dir: 'auto',
          'aria-label': `${label} ${bracketed(tag)}`,
          autoFocus: autoFocus && index === 0,
          onChange: (event: { target: { value: string } }) => set(tag, event.target.value),
        };
        return (
          <label key={tag} className="b-text-row" htmlFor={shared.id}>
            <span aria-hidden>{tagOf(tag)}</span>
            {rows ? <textarea className="input" rows={rows} {...shared} /> : <input className="input" {...shared} />}
          </label>
        );
      })}
    </div>
  );
}
