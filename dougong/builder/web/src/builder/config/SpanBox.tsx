/** An amount of time: how much, in which unit, by the clock or in working time of a calendar. */
import { pick, t } from '../../core/i18n';
import { documentsOf } from '../../core/library';
import type { Span } from '../../core/types';
import { useLibrary } from '../context';
import { NumberBox } from '../parts/NumberBox';
import { Pick } from '../parts/Pick';

export const UNITS = ['minutes', 'hours', 'days'] as const;

interface Props {
  label: string;
  value: Span;
  onChange(value: Span): void;
  disabled: boolean;
  /** May it be before a moment? Then a choice stands in front. */
  signed?: boolean;
}

export function SpanBox({ label, value, onChange, disabled, signed }: Props) {
  const before = value.amount < 0;
  const sign = before ? -1 : 1;
  const set = (part: Partial<Span>) => onChange({ ...value, ...part });
  const working = value.time === 'working';
  const timed = (time: string) => {
    const { calendar: _, time: __, ...rest } = value;
    onChange(time === 'working' ? { ...rest, time } : rest);
  };
  return (
    <div className="b-span" role="group" aria-label={label}>
      {signed && (
        <Pick
          label={t('builder.span.side')} value={before ? 'before' : 'after'} disabled={disabled}
          choices={[{ value: 'before', title: t('builder.span.before') }, { value: 'after', title: t('builder.span.after') }]}
          onChange={(side) => set({ amount: Math.abs(value.amount) * (side === 'before' ? -1 : 1) })}
        />
      )}
      <NumberBox label={`${label}: ${t('builder.span.amount')}`} value={Math.abs(value.amount)} integer min={signed ? 0 : 1} max={527040} disabled={disabled} onChange={(text) => text && set({ amount: Number(text) * sign })} />
      <Pick label={`${label}: ${t('builder.span.unit')}`} value={value.unit} choices={UNITS.map((unit) => ({ value: unit, title: t(working && unit === 'days' ? 'builder.span.workdays' : `builder.span.${unit}`) }))} disabled={disabled} onChange={(unit) => set({ unit: unit as Span['unit'] })} />
      <Pick label={`${label}: ${t('builder.span.time')}`} value={value.time ?? 'clock'} choices={['clock', 'working'].map((one) => ({ value: one, title: t(`builder.span.${one}`) }))} disabled={disabled} onChange={timed} />
      {working && <CalendarPick value={value.calendar} disabled={disabled} onChange={(calendar) => { const { calendar: _, ...rest } = value; onChange(calendar ? { ...rest, calendar } : rest); }} />}
    </div>
  );
}

function CalendarPick({ value, onChange, disabled }: { value: string | undefined; onChange(key: string): void; disabled: boolean }) {
  const calendars = useLibrary((found) => found);
  const choices = documentsOf(calendars, 'calendar').map((one) => ({ value: one.key, title: pick(one.title) || one.key }));
  return <Pick label={t('builder.kind.calendar')} value={value} choices={choices} empty={t('builder.calendar.default')} onChange={onChange} disabled={disabled} />;
}
