/** A text with {field} gaps, in every language; fields are put in from a menu, and shown by their titles below. */
import { useRef } from 'react';

import { bracketed, LANGUAGES, pick, t, tagOf, writtenIn } from '../../core/i18n';
import type { FieldInfo } from '../../core/fields';
import { typed } from '../../core/typed';
import type { Text } from '../../core/types';
import { useSurroundings } from '../context';
import { useFields } from '../fields';
import { inserted, InsertField, type Spot } from './InsertField';
import type { WidgetProps } from './widget';

export function TemplateWidget({ id, label, value, onChange, disabled }: WidgetProps) {
  const text = (value ?? {}) as Text;
  const fields = useFields();
  const { languages } = useSurroundings().where;
  const spot = useRef<Spot & { tag: string }>({ tag: LANGUAGES[0], input: null });
  const set = (tag: string, words: string) => {
    const next = { ...text, [tag]: typed(words) };
    if (!words) delete next[tag];
    onChange(Object.keys(next).length ? next : undefined);
  };
  const insert = (field: FieldInfo) => {
    const { tag } = spot.current;
    set(tag, inserted(spot.current, text[tag] ?? '', `{${field.key}}`));
  };
  return (
    <div className="b-texts" role="group" aria-label={label}>
      {writtenIn(languages, text).map((tag, index) => (
        <label key={tag} className="b-text-row">
          <span aria-hidden>{tagOf(tag)}</span>
          <textarea
            id={index ? undefined : id}
            className="input"
            rows={2}
            lang={tag}
            dir="auto"
            maxLength={2000}
            value={text[tag] ?? ''}
            disabled={disabled}
            aria-label={`${label} ${bracketed(tag)}`}
            onFocus={(event) => {
              spot.current = { tag, input: event.currentTarget };
            }}
            onChange={(event) => set(tag, event.target.value)}
          />
        </label>
      ))}
      {!disabled && <InsertField fields={fields} insert={insert} spot={spot} />}
      <Shown text={pick(text)} fields={fields} />
    </div>
  );
}

/** The text as it reads, with the titles of the fields in the gaps. */
function Shown({ text, fields }: { text: string; fields: readonly FieldInfo[] }) {
  if (!text.includes('{')) return null;
  const parts = text.split(/\{([a-z][a-z0-9_]{0,39})\}/);
  return (
    <p className="b-shown">
      {parts.map((part, index) => {
        if (index % 2 === 0) return part;
        const field = fields.find((one) => one.key === part);
        return (
          <span key={index} className={field ? 'b-gap' : 'b-gap b-bad'}>
            {field ? pick(field.title) || part : t('builder.gone', { name: part })}
          </span>
        );
      })}
    </p>
  );
}
