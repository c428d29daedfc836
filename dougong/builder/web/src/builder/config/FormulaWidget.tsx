/** A formula: text, with fields and functions to put in, and the same with titles below. What is wrong with it says the server. */
import { useMemo, useRef } from 'react';

import { withColumns, type FieldInfo } from '../../core/fields';
import { choosable, formulaWords, optionsOf } from '../../core/formula-words';
import { pick, t } from '../../core/i18n';
import { typed } from '../../core/typed';
import { useLibrary, useOpen } from '../context';
import { fieldTitle, useFields } from '../fields';
import { Menu } from '../parts/Menu';
import { FormulaTrial } from './FormulaTrial';
import { inserted, InsertField, type Spot } from './InsertField';
import { InsertFunction } from './InsertFunction';
import type { WidgetProps } from './widget';

interface Props extends WidgetProps {
  /** The field that is filled with it. */
  gives?: FieldInfo | undefined;
}

export function FormulaWidget({ id, label, value, onChange, pointer, disabled, gives }: Props) {
  const text = String(value ?? '');
  const named = useFields();
  const fields = useMemo(() => withColumns(named), [named]);
  const functions = useLibrary((found) => found.vocabulary.functions);
  const spot = useRef<Spot>({ input: null });
  const put = (piece: string) => onChange(inserted(spot.current, text, piece));
  const told = useOpen(({ problems }) => problems.some((one) => one.path === pointer));
  const point = (at: number) => {
    const { input } = spot.current;
    input?.focus();
    const from = Array.from(text).slice(0, at).join('').length;
    input?.setSelectionRange(from, from + 1);
  };
  const options = choosable(text, fields, gives).flatMap((field) => optionsOf(field).map((one) => ({ key: `${field.key} ${one.key}`, title: pick(one.title) || one.key, note: fieldTitle(field), act: () => put(`"${one.key}"`) })));
  const read = formulaWords(text, fields, gives);
  return (
    <div className="b-stack">
      <textarea
        id={id}
        className="input b-formula"
        aria-label={label}
        rows={3}
        maxLength={2000}
        spellCheck={false}
        value={text}
        disabled={disabled}
        onFocus={(event) => {
          spot.current.input = event.currentTarget;
        }}
        onChange={(event) => onChange(typed(event.target.value))}
      />
      {!disabled && (
        <div className="b-row">
          <InsertField fields={fields} insert={(field) => put(field.key)} spot={spot} />
          {options.length > 0 && <Menu title={t('builder.insert_option')} items={options} returnTo={() => spot.current.input} />}
          <InsertFunction functions={functions} insert={(name) => put(`${name}()`)} returnTo={() => spot.current.input} />
        </div>
      )}
      {read !== text && <p className="b-shown">{read}</p>}
      {!disabled && <FormulaTrial text={text} fields={fields} gives={gives} told={told} point={point} />}
    </div>
  );
}
