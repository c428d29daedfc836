/** A year's list from pasted text: the official notice or a table; shown before it is taken. */
import { useMemo, useState } from 'react';

import { language, t } from '../../core/i18n';
import { useDraft, useVerbs } from '../context';
import { Dialog } from '../parts/Dialog';
import { imported, likeOf } from './edits';
import { kept, readDates } from './reading';
import type { CalendarDoc } from './types';

interface Props {
  year: number;
  close(): void;
  /** The year that was taken is the one to look at. */
  shown(year: number): void;
}

export function ImportDialog({ year, close, shown }: Props) {
  const [text, setText] = useState('');
  const draft = useDraft((found: CalendarDoc) => found);
  const { change } = useVerbs<CalendarDoc>();
  const found = useMemo(() => readDates(text.slice(0, 50_000), year), [text, year]);
  const years = [...new Set(found.rows.map((row) => row.from.slice(0, 4)))].join(', ');
  const take = () => {
    change((doc) => imported(doc, found.rows.slice(0, 400).map((row) => kept(row, likeOf(draft), language()))));
    shown(Number(found.rows[0]?.from.slice(0, 4) ?? year));
    close();
  };
  return (
    <Dialog
      title={t('builder.calendar.import')} about={t('builder.calendar.import.help')} onClose={close}
      buttons={
        <>
          <button type="button" className="button primary" disabled={!found.rows.length} onClick={take}>{t('builder.calendar.import.take', { count: found.rows.length })}</button>
          <button type="button" className="button quiet" onClick={close}>{t('builder.cancel')}</button>
        </>
      }
    >
      <textarea className="input" rows={9} aria-label={t('builder.calendar.import.text')} placeholder={t('builder.calendar.import.example')} value={text} onChange={(event) => setText(event.target.value)} />
      {found.rows.length > 0 && (
        <>
          <p className="b-help">{t('builder.calendar.import.replaces', { years })}</p>
          <table className="bk-found">
            <tbody>
              {found.rows.map((row) => (
                <tr key={`${row.from} ${row.to}`}>
                  <td>{row.from === row.to ? row.from : `${row.from} – ${row.to}`}</td>
                  <td><span className={row.work ? 'tag good' : 'tag'}>{t(row.work ? 'builder.calendar.state.makeup' : 'builder.calendar.state.holiday')}</span></td>
                  <td>{row.title}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </>
      )}
      {found.bad.length > 0 && <p className="b-said b-warning">{t('builder.calendar.import.bad', { lines: found.bad.slice(0, 5).join(' / ') })}</p>}
    </Dialog>
  );
}
