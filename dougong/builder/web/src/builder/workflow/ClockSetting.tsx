/** The clock of a workflow's tickets: how long one is to take at most, and who is told when it is over. */
import { t } from '../../core/i18n';
import { problemsAt } from '../../core/pointer';
import type { Clock } from '../../core/types';
import { SpanBox } from '../config/SpanBox';
import { useOpen } from '../context';
import { Setting } from '../parts/Setting';
import { RolesWidget } from './widgets/RolesWidget';

const THREE_DAYS: Clock = { within: { amount: 3, unit: 'days', time: 'working' } };

interface Props {
  value: Clock | undefined;
  onChange(value: Clock | undefined): void;
  disabled: boolean;
}

export function ClockSetting({ value, onChange, disabled }: Props) {
  const problems = problemsAt(useOpen((open) => open.problems), '/clock');
  const told = (roles: unknown) => {
    if (!value) return;
    const { tell: _, ...rest } = value;
    onChange(roles ? { ...rest, tell: roles as string[] } : rest);
  };
  return (
    <Setting label={t('builder.flow.clock')} help={t('builder.flow.clock.help')} problems={problems}>
      <label className="b-check">
        <input type="checkbox" checked={Boolean(value)} disabled={disabled} onChange={(event) => onChange(event.target.checked ? THREE_DAYS : undefined)} />
        {t('builder.flow.clock.own')}
      </label>
      {value && (
        <>
          <SpanBox label={t('builder.flow.clock')} value={value.within} disabled={disabled} onChange={(within) => onChange({ ...value, within })} />
          <div className="b-label">{t('builder.flow.clock.tell')}</div>
          <RolesWidget id="b-flow-clock" label={t('builder.flow.clock.tell')} schema={{ maxItems: 5 }} all={{}} pointer="/clock/tell" value={value.tell} disabled={disabled} onChange={told} />
        </>
      )}
    </Setting>
  );
}
