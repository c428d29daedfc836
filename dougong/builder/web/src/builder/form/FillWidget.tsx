/** What comes along when a record is chosen: which of its fields fill which of this form, kind by kind. */
import { ArrowRight, Plus, X } from 'lucide-react';

import { fieldsOfForm, type FieldInfo } from '../../core/fields';
import { t } from '../../core/i18n';
import { documentOf } from '../../core/library';
import type { EntityDoc } from '../../core/types';
import type { WidgetProps } from '../config/widget';
import { useLibrary } from '../context';
import { fieldChoices, useFields } from '../fields';
import { Pick } from '../parts/Pick';
import { addFill, fillable, matching, type Fill } from './fills';

export function FillWidget({ value, onChange, all, disabled }: WidgetProps) {
  const fills = Array.isArray(value) ? (value as Fill[]) : [];
  const library = useLibrary((found) => found);
  const entity = documentOf<EntityDoc>(library, 'entity', all['entity'] as string | undefined);
  const sources = fieldsOfForm(entity?.draft, library).filter((field) => field.kind !== 'none');
  const targets = useFields();
  const set = (next: Fill[]) => onChange(next.length ? next : undefined);
  if (!entity) return <p className="b-help">{t('builder.form.fill.no_entity')}</p>;
  const alike = matching(sources, targets, fills);
  return (
    <div className="b-stack">
      {fills.map((fill, index) => {
        const change = (next: Fill) => set(fills.with(index, next));
        const source = sources.find((one) => one.key === fill.from);
        return (
          <div key={index} className="bf-fill">
            <Pick label={t('builder.form.fill.from')} value={fill.from} choices={fieldChoices(sources)} disabled={disabled} onChange={(from) => change(refilled(fill, from, sources, targets))} />
            <ArrowRight size={14} aria-hidden />
            <Pick label={t('builder.form.fill.to')} value={fill.to} choices={fieldChoices(fillable(targets, source))} disabled={disabled} onChange={(to) => change({ ...fill, to })} />
            <button type="button" className="button quiet small icon-only" aria-label={t('builder.form.fill.remove')} disabled={disabled} onClick={() => set(fills.toSpliced(index, 1))}><X size={13} aria-hidden /></button>
          </div>
        );
      })}
      {!fills.length && <p className="b-help">{t('builder.form.fill.none')}</p>}
      {!disabled && (
        <div className="b-row">
          <button type="button" className="button small" disabled={!addFill(fills, sources, targets)} onClick={() => set(addFill(fills, sources, targets) ?? fills)}><Plus size={14} aria-hidden />{t('builder.form.fill.add')}</button>
          {alike.length > 0 && <button type="button" className="button quiet small" onClick={() => set([...fills, ...alike])}>{t('builder.form.fill.alike', { count: alike.length })}</button>}
        </div>
      )}
    </div>
  );
}

/** Another source: the target stays where it is of the same kind. */
function refilled(fill: Fill, from: string, sources: FieldInfo[], targets: readonly FieldInfo[]): Fill {
  const may = fillable(targets, sources.find((one) => one.key === from));
  const to = may.some((one) => one.key === fill.to) ? fill.to : (may[0]?.key ?? fill.to);
  return { from, to };
}
