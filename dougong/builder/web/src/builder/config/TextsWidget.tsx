/** A list of short texts, each in every language. */
import { ArrowUp, Plus, Trash2 } from 'lucide-react';

import { t } from '../../core/i18n';
import { problemsAt } from '../../core/pointer';
import type { Text } from '../../core/types';
import { useOpen } from '../context';
import { Setting } from '../parts/Setting';
import { TextBox } from '../parts/TextBox';
import type { WidgetProps } from './widget';

export function TextsWidget({ label, value, onChange, pointer, schema, disabled }: WidgetProps) {
  const list = (Array.isArray(value) ? value : []) as Text[];
  const problems = useOpen((open) => open.problems);
  const put = (next: Text[]) => onChange(next.length ? next : undefined);
  const up = (index: number) => {
    const [one, other] = [list[index - 1], list[index]];
    if (one && other) put(list.with(index - 1, other).with(index, one));
  };
  return (
    <div className="b-stack">
      {list.map((one, index) => {
        const name = `${label} ${index + 1}`;
        return (
          <Setting key={index} label="" problems={problemsAt(problems, `${pointer}/${index}`)}>
            <div className="b-texts-row">
              <TextBox label={name} value={one} onChange={(next) => put(list.with(index, next ?? {}))} disabled={disabled} />
              <button type="button" className="button quiet small icon-only" aria-label={t('builder.earlier', { name })} disabled={disabled || !index} onClick={() => up(index)}>
                <ArrowUp size={14} aria-hidden />
              </button>
              <button type="button" className="button quiet small icon-only" aria-label={t('builder.remove_one', { name })} disabled={disabled} onClick={() => put(list.toSpliced(index, 1))}>
                <Trash2 size={14} aria-hidden />
              </button>
            </div>
          </Setting>
        );
      })}
      <button type="button" className="button small b-start" disabled={disabled || list.length >= (schema.maxItems ?? 20)} onClick={() => put([...list, {}])}>
        <Plus size={14} aria-hidden />
        {t('builder.rows.add')}
      </button>
    </div>
  );
}

TextsWidget.saysInner = true;
