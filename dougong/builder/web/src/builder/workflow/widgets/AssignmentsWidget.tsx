/** Fields and the formulas that fill them, in their order. */
import { ArrowDown, ArrowUp, Plus, Trash2 } from 'lucide-react';

import { t } from '../../../core/i18n';
import { problemsAt } from '../../../core/pointer';
import { newUid } from '../../../core/uid';
import { useLibrary, useOpen } from '../../context';
import { FormulaWidget } from '../../config/FormulaWidget';
import type { WidgetProps } from '../../config/widget';
import { fieldChoices, useFields } from '../../fields';
import { Pick } from '../../parts/Pick';
import { Setting } from '../../parts/Setting';

interface Assignment {
  uid: string;
  field: string;
  formula: string;
}

export function AssignmentsWidget({ value, onChange, pointer, schema, disabled }: WidgetProps) {
  const list = (Array.isArray(value) ? value : []) as Assignment[];
  const problems = useOpen((open) => open.problems);
  const types = useLibrary((found) => found.vocabulary.fields);
  const computed = new Set(types.filter((type) => type.computed).map((type) => type.name));
  const fields = useFields().filter((field) => !computed.has(field.type));
  const choices = fieldChoices(fields);
  const set = (index: number, part: Partial<Assignment>) => onChange(list.with(index, { ...(list[index] as Assignment), ...part }));
  const swap = (index: number, by: -1 | 1) => {
    const [one, other] = [list[index], list[index + by]];
    if (one && other) onChange(list.with(index, other).with(index + by, one));
  };
  const remove = (index: number) => onChange(list.length > 1 ? list.toSpliced(index, 1) : undefined);
  const add = () =>
    onChange([...list, { uid: newUid(), field: fields.find((field) => !list.some((one) => one.field === field.key))?.key ?? '', formula: '' }]);
  return (
    <div className="b-stack">
      {list.map((one, index) => {
        const name = t('builder.assignment', { number: index + 1 });
        return (
          <div key={one.uid} className="b-assignment" role="group" aria-label={name}>
            <div className="b-row">
              <strong className="small">{name}</strong>
              <div className="b-fill" />
              <button
                type="button"
                className="button quiet small icon-only"
                aria-label={t('builder.earlier', { name })}
                disabled={disabled || !index}
                onClick={() => swap(index, -1)}
              >
                <ArrowUp size={14} aria-hidden />
              </button>
              <button
                type="button"
                className="button quiet small icon-only"
                aria-label={t('builder.later', { name })}
                disabled={disabled || index === list.length - 1}
                onClick={() => swap(index, 1)}
              >
                <ArrowDown size={14} aria-hidden />
              </button>
              <button
                type="button"
                className="button quiet small icon-only"
                aria-label={t('builder.remove_one', { name })}
                disabled={disabled}
                onClick={() => remove(index)}
              >
                <Trash2 size={14} aria-hidden />
              </button>
            </div>
            <Setting label={t('builder.condition.field')} htmlFor={`${one.uid}-field`} problems={problemsAt(problems, `${pointer}/${index}/field`)}>
              <Pick
                id={`${one.uid}-field`}
                value={one.field || undefined}
                choices={choices}
                onChange={(field) => set(index, { field })}
                disabled={disabled}
              />
            </Setting>
            <Setting label={t('builder.formula')} htmlFor={`${one.uid}-formula`} problems={problemsAt(problems, `${pointer}/${index}/formula`)}>
              <FormulaWidget
                id={`${one.uid}-formula`}
                label={t('builder.formula')}
                schema={{}}
                all={{}}
                pointer={`${pointer}/${index}/formula`}
                value={one.formula}
                gives={fields.find(({ key }) => key === one.field)}
                onChange={(formula) => set(index, { formula: String(formula ?? '') })}
                disabled={disabled}
              />
            </Setting>
          </div>
        );
      })}
      <button
        type="button"
        className="button small b-start"
        disabled={disabled || !fields.length || list.length >= (schema.maxItems ?? 50)}
        onClick={add}
      >
        <Plus size={14} aria-hidden />
        {t('builder.assignment.add')}
      </button>
    </div>
  );
}

AssignmentsWidget.saysInner = true;
