/** The settings of a calendar as a whole: names, time zone, the years it is kept for. */
import { useId } from 'react';

import { t } from '../../core/i18n';
import { problemsAt } from '../../core/pointer';
import { useDraft, useOpen, useVerbs } from '../context';
import { NumberBox } from '../parts/NumberBox';
import { Pick } from '../parts/Pick';
import { Naming } from '../parts/Naming';
import { Setting } from '../parts/Setting';
import { setWhole } from './edits';
import type { CalendarDoc } from './types';

const ZONES = Intl.supportedValuesOf('timeZone').map((zone) => ({ value: zone, title: zone }));

export function Inspector() {
  const draft = useDraft((found: CalendarDoc) => found);
  const readOnly = useOpen((open) => open.readOnly);
  const problems = useOpen((open) => open.problems);
  const { change } = useVerbs<CalendarDoc>();
  const id = useId();
  const last = draft.years?.to;
  const bound = (part: 'from' | 'to', text: string | undefined) => {
    const year = Number(text);
    if (!text) return change((doc) => setWhole(doc, 'years', undefined));
    return change((doc) => setWhole(doc, 'years', { from: doc.years?.from ?? year, to: doc.years?.to ?? year, [part]: year }), `years ${part}`);
  };
  return (
    <>
      <Naming />
      <Setting label={t('builder.calendar.zone')} htmlFor={`${id}-zone`} help={t('builder.calendar.zone.help')} required problems={problemsAt(problems, '/zone')}>
        <Pick id={`${id}-zone`} value={draft.zone} choices={ZONES} disabled={readOnly} onChange={(zone) => change((doc) => setWhole(doc, 'zone', zone))} />
      </Setting>
      <Setting label={t('builder.calendar.years')} help={t('builder.calendar.years.help')} problems={problemsAt(problems, '/years')}>
        <div className="bk-range">
          <NumberBox label={t('builder.calendar.years.from')} value={draft.years?.from} integer min={1980} max={2199} disabled={readOnly} onChange={(text) => bound('from', text)} />
          –
          <NumberBox label={t('builder.calendar.years.to')} value={draft.years?.to} integer min={1980} max={2199} disabled={readOnly} onChange={(text) => bound('to', text)} />
        </div>
        {last !== undefined && new Date().getFullYear() + Number(new Date().getMonth() > 9) > last && <p className="b-said b-warning">{t('builder.calendar.years.ending', { year: last })}</p>}
      </Setting>
    </>
  );
}
