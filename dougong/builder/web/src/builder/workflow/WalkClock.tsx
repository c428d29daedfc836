/** What time it is in a walk: when it begins, and to what its clock is put forward before the next line. */
import { t } from '../../core/i18n';
import { zoneHere } from '../../core/moments';
import { DayBox } from '../parts/DayBox';
import type { Told } from './useWalk';
import { timeOf } from './walking';

interface Props {
  told: Told;
  go(told: Told): void;
  /** To what it is put forward before the next line; empty: it is not. */
  ahead: string;
  putForward(at: string): void;
}

export function WalkClock({ told, go, ahead, putForward }: Props) {
  const { at } = timeOf(told);
  const put = (wall = '') => {
    const next = wall.replace(' ', 'T');
    const clock = { at: told.clock?.at ?? at, zone: zoneHere() };
    if (!told.say.length) return go({ ...told, clock: { ...clock, at: next } });
    if (!told.clock) go({ ...told, clock });
    putForward(next);
  };
  const label = t(told.say.length ? 'builder.walk.clock' : 'builder.walk.begins');
  return (
    <details className="b-walk-people" open={Boolean(told.clock)}>
      <summary>{label}</summary>
      <div className="b-walk-value"><DayBox label={label} timed needed value={(ahead || at).replace('T', ' ')} onChange={put} /></div>
    </details>
  );
}
