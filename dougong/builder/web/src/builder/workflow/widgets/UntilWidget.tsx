/** Until when: after an amount of time, or at a date of the ticket, so long before or after it. */
import { t } from '../../../core/i18n';
import type { Span } from '../../../core/types';
import { SpanBox } from '../../config/SpanBox';
import type { Until } from '../../config/spans';
import type { WidgetProps } from '../../config/widget';
import { fieldChoices, useFields } from '../../fields';
import { Pick } from '../../parts/Pick';
import { Switch } from '../../parts/Switch';

const TWO_HOURS: Span = { amount: 2, unit: 'hours', time: 'working' };

export function UntilWidget({ id, label, value, onChange, disabled }: WidgetProps) {
  const until = (value ?? {}) as Until;
  const fields = useFields().filter((field) => field.kind === 'date' || field.kind === 'datetime');
  const by = until.field !== undefined ? 'field' : 'after';
  const change = (next: string) => onChange(next === 'after' ? { after: TWO_HOURS } : { field: fields[0]?.key ?? '' });
  if (value === undefined && !disabled) return <button type="button" id={id} className="button small b-start" onClick={() => change('after')}>{t('builder.until.set')}</button>;
  return (
    <div className="b-stack">
      <Switch label={label} value={by} disabled={disabled} choices={['after', 'field'].map((one) => ({ value: one, title: t(`builder.until.${one}`) }))} onChange={change} />
      {by === 'after' && until.after && <SpanBox label={label} value={until.after} disabled={disabled} onChange={(after) => onChange({ after })} />}
      {by === 'field' && (
        <>
          {fields.length ? <Pick id={id} label={t('builder.condition.field')} value={until.field || undefined} choices={fieldChoices(fields)} disabled={disabled} onChange={(field) => onChange({ ...until, field })} /> : <p className="b-help">{t('builder.until.no_field')}</p>}
          <SpanBox label={t('builder.until.offset')} value={until.offset ?? { amount: 0, unit: 'days' }} signed disabled={disabled} onChange={(offset) => onChange({ field: until.field ?? '', ...(offset.amount ? { offset } : {}) })} />
        </>
      )}
    </div>
  );
}
