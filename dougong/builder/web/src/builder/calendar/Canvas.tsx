/** The week, the year as a picture, and the list of its dates. */
import { useEffect, useState } from 'react';

import { t } from '../../core/i18n';
import { useDraft, useOpen } from '../context';
import { Dates } from './Dates';
import type { CalendarDoc } from './types';
import { Week } from './Week';
import { Year } from './Year';

export function Canvas() {
  const [year, setYear] = useState(() => new Date().getFullYear());
  const dates = useDraft((draft: CalendarDoc) => draft.dates);
  const selection = useOpen((open) => open.selection);
  const look = useOpen((open) => open.look);
  useEffect(() => {
    const row = dates?.find((one) => one.uid === selection[0]?.uid);
    if (row) setYear(Number(row.from.slice(0, 4)) || year);
    // a problem was clicked: its row comes into sight
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [look]);
  return (
    <div className="bk-work">
      <section aria-label={t('builder.calendar.week')}>
        <h2>{t('builder.calendar.week')}</h2>
        <Week />
      </section>
      <section aria-label={t('builder.calendar.dates')}>
        <Year year={year} setYear={setYear} />
        <Dates year={year} />
      </section>
    </div>
  );
}
