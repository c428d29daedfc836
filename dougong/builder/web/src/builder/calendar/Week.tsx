/** The shifts of a week: a row a shift, a column a weekday. */
import { Plus, Trash2 } from 'lucide-react';

import { t } from '../../core/i18n';
import { problemsAt } from '../../core/pointer';
import { useDraft, useOpen, useVerbs } from '../context';
import { TimeBox } from '../parts/TimeBox';
import { hoursOn, minutesOf } from './days';
import { addShift, removeShift, setShift, toggleDay } from './edits';
import { WEEK, type CalendarDoc, type Shift } from './types';

export function Week() {
  const draft = useDraft((found: CalendarDoc) => found);
  const readOnly = useOpen((open) => open.readOnly);
  const { change } = useVerbs<CalendarDoc>();
  return (
    <div className="bk-week card">
      <table>
        <thead>
          <tr>
            <th scope="col">{t('builder.calendar.shift')}</th>
            {WEEK.map((day) => <th key={day} scope="col">{t(`builder.calendar.day.${day}`)}</th>)}
            <th />
          </tr>
        </thead>
        <tbody>
          {draft.shifts.map((shift, index) => <Row key={shift.uid} shift={shift} index={index} />)}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">{t('builder.calendar.per_day')}</th>
            {WEEK.map((day) => <td key={day}>{hoursWords(minutesOf(hoursOn(draft, day)))}</td>)}
            <td />
          </tr>
        </tfoot>
      </table>
      {!readOnly && (
        <button type="button" className="button small b-start" disabled={draft.shifts.length >= 24} onClick={() => change(addShift)}>
          <Plus size={14} aria-hidden />
          {t('builder.calendar.shift.add')}
        </button>
      )}
      <Said path="/shifts" />
      <p className="b-help">{t('builder.calendar.week.help')}</p>
    </div>
  );
}

function Row({ shift, index }: { shift: Shift; index: number }) {
  const readOnly = useOpen((open) => open.readOnly);
  const problems = problemsAt(useOpen((open) => open.problems), `/shifts/${index}`);
  const { change } = useVerbs<CalendarDoc>();
  const name = t('builder.calendar.shift.name', { from: shift.from, to: shift.to });
  return (
    <>
      <tr className={problems.length ? 'b-wrong' : undefined}>
        <th scope="row">
          <span className="bk-hours">
            <TimeBox label={`${name}: ${t('builder.calendar.from')}`} value={shift.from} disabled={readOnly} onChange={(from) => change((doc) => setShift(doc, shift.uid, { from }), `from ${shift.uid}`)} />
            –
            <TimeBox label={`${name}: ${t('builder.calendar.to')}`} value={shift.to} end disabled={readOnly} onChange={(to) => change((doc) => setShift(doc, shift.uid, { to }), `to ${shift.uid}`)} />
          </span>
          {shift.to <= shift.from && <span className="muted small">{t('builder.calendar.next_day')}</span>}
        </th>
        {WEEK.map((day) => (
          <td key={day}>
            <input
              type="checkbox" aria-label={`${name}: ${t(`builder.calendar.day.${day}`)}`} checked={shift.days.includes(day)} disabled={readOnly}
              onChange={() => change((doc) => toggleDay(doc, shift.uid, day))}
            />
          </td>
        ))}
        <td>
          <button type="button" className="button quiet small icon-only" aria-label={t('builder.remove_one', { name })} disabled={readOnly} onClick={() => change((doc) => removeShift(doc, shift.uid))}>
            <Trash2 size={14} aria-hidden />
          </button>
        </td>
      </tr>
      {problems.map((problem) => (
        <tr key={problem.code + problem.path}>
          <td colSpan={9}><p className={`b-said b-${problem.severity}`}>{problem.message} {problem.advice}</p></td>
        </tr>
      ))}
    </>
  );
}

function Said({ path }: { path: string }) {
  const problems = useOpen((open) => open.problems).filter((problem) => problem.path === path);
  return problems.map((problem) => <p key={problem.code} className={`b-said b-${problem.severity}`}>{problem.message} {problem.advice}</p>);
}

export function hoursWords(minutes: number): string {
  return minutes ? t('builder.calendar.hours', { hours: String(Math.round(minutes / 6) / 10) }) : '—';
}
