/** The dates of a year on which it is otherwise: holidays, make-up days, days with hours of their own. */
import { Plus, Trash2 } from 'lucide-react';
import { useEffect, useRef } from 'react';

import { language, pick, t } from '../../core/i18n';
import { problemsAt } from '../../core/pointer';
import { typed } from '../../core/typed';
import { newUid } from '../../core/uid';
import { useDraft, useOpen, useVerbs } from '../context';
import { DayBox } from '../parts/DayBox';
import { Pick } from '../parts/Pick';
import { daysOf } from './days';
import { addDate, likeOf, removeDate, setDate, worked } from './edits';
import { HoursBox } from './HoursBox';
import { WEEK, type CalendarDoc, type DateRow } from './types';

const NONE: DateRow[] = [];

export function Dates({ year }: { year: number }) {
  const dates = useDraft((draft: CalendarDoc) => draft.dates) ?? NONE;
  const draft = useDraft((found: CalendarDoc) => found);
  const readOnly = useOpen((open) => open.readOnly);
  const { change } = useVerbs<CalendarDoc>();
  const shown = dates.filter((row) => row.from.startsWith(`${year}-`)).toSorted((one, other) => one.from.localeCompare(other.from));
  const free = (month: string) => `${year}-${month}`;
  const like = likeOf(draft);
  return (
    <div className="bk-dates">
      {shown.length === 0 && <p className="b-help">{t('builder.calendar.dates.empty', { year })}</p>}
      <ul>{shown.map((row) => <Row key={row.uid} row={row} index={dates.indexOf(row)} />)}</ul>
      {!readOnly && (
        <div className="b-row">
          <button type="button" className="button small" onClick={() => change((doc) => addDate(doc, { from: free('01-01') }))}><Plus size={14} aria-hidden />{t('builder.calendar.holiday.add')}</button>
          <button type="button" className="button small" disabled={!like} onClick={() => change((doc) => addDate(doc, { from: free('01-01'), like: like as number }))}><Plus size={14} aria-hidden />{t('builder.calendar.makeup.add')}</button>
        </div>
      )}
    </div>
  );
}

function Row({ row, index }: { row: DateRow; index: number }) {
  const readOnly = useOpen((open) => open.readOnly);
  const problems = problemsAt(useOpen((open) => open.problems), `/dates/${index}`);
  const selected = useOpen((open) => open.selection.some((place) => place.uid === row.uid));
  const { change } = useVerbs<CalendarDoc>();
  const item = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (selected) item.current?.scrollIntoView?.({ block: 'nearest' });
  }, [selected]);
  const set = (next: DateRow, key?: string) => change((doc) => setDate(doc, row.uid, next), key && `${key} ${row.uid}`);
  const name = pick(row.title) || row.from;
  const until = (to: string | undefined) => {
    const { to: _, ...rest } = row;
    set(to && to !== row.from ? { ...row, to } : rest);
  };
  const called = (words: string) => {
    const { title: _, ...rest } = row;
    const title = { ...row.title, [language()]: typed(words) };
    set(Object.values(title).some(Boolean) ? { ...row, title } : rest, 'title');
  };
  const choices = [
    { value: 'off', title: t('builder.calendar.as.off') },
    ...WEEK.map((day) => ({ value: String(day), title: t('builder.calendar.as.like', { day: t(`builder.calendar.day.${day}`) }) })),
    { value: 'own', title: t('builder.calendar.as.own') },
  ];
  const as = (value: string) => {
    if (value === 'own') return set(worked(row, { shifts: [{ uid: newUid(), from: '09:00', to: '12:00' }] }));
    return set(worked(row, value === 'off' ? {} : { like: Number(value) }));
  };
  return (
    <li ref={item} data-selected={selected || undefined} className={problems.length ? 'b-wrong' : undefined}>
      <div className="bk-date">
        <DayBox needed label={`${name}: ${t('builder.calendar.first')}`} value={row.from} disabled={readOnly} onChange={(from) => from && set({ ...row, from })} />
        <span aria-hidden>–</span>
        <DayBox needed label={`${name}: ${t('builder.calendar.last')}`} value={row.to ?? row.from} disabled={readOnly} onChange={until} />
        <span className="muted small bk-count">{t('builder.calendar.days', { days: daysOf(row).length })}</span>
        <Pick label={`${name}: ${t('builder.calendar.as')}`} value={row.shifts ? 'own' : String(row.like ?? 'off')} choices={choices} disabled={readOnly} onChange={as} />
        {row.shifts && <HoursBox label={`${name}: ${t('builder.calendar.as.own')}`} value={row.shifts} disabled={readOnly} onChange={(shifts) => set(worked(row, { shifts }))} />}
        <input className="input bk-title" aria-label={`${name}: ${t('builder.calendar.name')}`} placeholder={t('builder.calendar.name')} maxLength={200} value={row.title?.[language()] ?? ''} disabled={readOnly} onChange={(event) => called(event.target.value)} />
        <button type="button" className="button quiet small icon-only" aria-label={t('builder.remove_one', { name })} disabled={readOnly} onClick={() => change((doc) => removeDate(doc, row.uid))}><Trash2 size={14} aria-hidden /></button>
      </div>
      {problems.map((problem) => <p key={problem.code + problem.path} className={`b-said b-${problem.severity}`}>{problem.message} {problem.advice}</p>)}
    </li>
  );
}
