/** A year as a picture: twelve months, each day open, off, a holiday or a make-up day. A click changes a single day. */
import { ChevronLeft, ChevronRight } from 'lucide-react';
import { useMemo, useState } from 'react';

import { pick, t } from '../../core/i18n';
import { useDraft, useOpen, useVerbs } from '../context';
import { minutesOf, said, weekdayOf, yearOf, type Day, type State } from './days';
import { toggleDate } from './edits';
import { ImportDialog } from './ImportDialog';
import { WEEK, type CalendarDoc } from './types';

const STATES: State[] = ['open', 'off', 'holiday', 'makeup', 'special'];

export function Year({ year, setYear }: { year: number; setYear(year: number): void }) {
  const draft = useDraft((found: CalendarDoc) => found);
  const readOnly = useOpen((open) => open.readOnly);
  const [importing, setImporting] = useState(false);
  const days = useMemo(() => yearOf(draft, year), [draft, year]);
  const open = days.filter((day) => day.hours.length);
  const kept = draft.years && year >= draft.years.from && year <= draft.years.to;
  return (
    <>
      <header className="bk-head">
        <h2>{t('builder.calendar.dates')}</h2>
        <div className="bk-year">
          <button type="button" className="button quiet small icon-only" aria-label={t('builder.calendar.year.before')} disabled={year <= 1980} onClick={() => setYear(year - 1)}><ChevronLeft size={16} aria-hidden /></button>
          <strong aria-live="polite">{year}</strong>
          <button type="button" className="button quiet small icon-only" aria-label={t('builder.calendar.year.after')} disabled={year >= 2199} onClick={() => setYear(year + 1)}><ChevronRight size={16} aria-hidden /></button>
        </div>
        <span className="muted small">{t('builder.calendar.year.sum', { days: open.length, hours: Math.round(open.reduce((sum, day) => sum + minutesOf(day.hours), 0) / 60) })}</span>
        {!kept && <span className="tag warn">{t('builder.calendar.year.unkept')}</span>}
        <div className="b-fill" />
        {!readOnly && <button type="button" className="button small" onClick={() => setImporting(true)}>{t('builder.calendar.import')}</button>}
      </header>
      <div className="bk-months">
        {MONTHS.map((month) => <Month key={month} month={month} days={days.filter((day) => Number(day.date.slice(5, 7)) === month)} />)}
      </div>
      <ul className="bk-legend">{STATES.map((state) => <li key={state}><i data-state={state}>{mark(state)}</i>{t(`builder.calendar.state.${state}`)}</li>)}</ul>
      {importing && <ImportDialog year={year} close={() => setImporting(false)} shown={setYear} />}
    </>
  );
}

function mark(state: State): string {
  return state === 'open' ? '' : t(`builder.calendar.mark.${state}`);
}

const MONTHS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12] as const;

function Month({ month, days }: { month: number; days: Day[] }) {
  const first = days[0] ? weekdayOf(days[0].date) : 1;
  const name = t(`builder.calendar.month.${month}`);
  return (
    <div className="bk-month card" role="group" aria-label={name}>
      <strong className="small">{name}</strong>
      <div className="bk-days">
        {WEEK.map((day) => <abbr key={day} title={t(`builder.calendar.day.${day}`)}>{t(`builder.calendar.day.short.${day}`)}</abbr>)}
        {days.map((day, index) => <DayButton key={day.date} day={day} start={index ? undefined : first} />)}
      </div>
    </div>
  );
}

function DayButton({ day, start }: { day: Day; start: number | undefined }) {
  const readOnly = useOpen((open) => open.readOnly);
  const { change, select } = useVerbs<CalendarDoc>();
  const words = [day.date, t(`builder.calendar.day.${weekdayOf(day.date)}`), t(`builder.calendar.state.${day.state}`), pick(day.row?.title), said(day.hours)].filter(Boolean).join(' · ');
  const long = day.row?.to && day.row.to !== day.row.from;
  const press = () => (long && day.row ? select([{ group: 'dates', uid: day.row.uid }]) : change((doc) => toggleDate(doc, day.date)));
  return (
    <button type="button" data-state={day.state} data-date={day.date} title={words} disabled={readOnly} style={start ? { gridColumnStart: start } : undefined} onClick={press}>
      {Number(day.date.slice(8))}
      <small aria-hidden>{mark(day.state)}</small>
    </button>
  );
}
