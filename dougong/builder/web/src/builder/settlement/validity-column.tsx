/** On which business days a rule counts (有效期): a column where a rule of the table says so, or somebody has asked for it. */
import { CalendarRange } from 'lucide-react';
import { useMemo, useState } from 'react';

import { t } from '../../core/i18n';
import { readDay } from '../../core/moments';
import { useDraft, useVerbs } from '../context';
import type { Column } from '../grid/column';
import type { MenuItem } from '../parts/Menu';
import { RangeBox } from './CellPanel';
import { setPart } from './edits/charges';
import { changeRow, rowsOf } from './edits/rules';
import { isAnything, readRange } from './reading';
import type { Cell, PriceRule, RulesName, Settlement, Term } from './types';
import { daysWords } from './words';

interface Days {
  from?: string;
  below?: string;
}

export interface Validity<R> {
  columns: Column<R>[];
  /** What asks for the column; none where it is there. */
  more: MenuItem[];
}

export function useValidity<R extends PriceRule | Term>(name: RulesName): Validity<R> {
  const dated = useDraft((draft: Settlement) => rowsOf(draft, name).some((row) => row.valid));
  const [asked, ask] = useState(false);
  const { change } = useVerbs<Settlement>();
  return useMemo(() => {
    const title = t('builder.settlement.valid');
    if (!dated && !asked) return { columns: [], more: [{ key: '=valid', title: <><CalendarRange size={14} aria-hidden />{title}</>, note: t('builder.settlement.valid.note'), act: () => ask(true) }] };
    const set = (uid: string, days: Days | undefined) => (doc: Settlement) => changeRow(doc, name, uid, (row) => setPart(row, 'valid', days));
    const column: Column<R> = {
      key: '=valid', title, width: '190px', place: 'valid',
      text: ({ valid }) => daysWords((valid ?? {}) as Days),
      show: ({ valid }) => daysWords((valid ?? {}) as Days) || <span className="b-any">{t('builder.settlement.cell.any')}</span>,
      write: ({ uid }, text) => {
        const found = readDays(text);
        return found && set(uid, found.days);
      },
      panel: ({ uid, valid }) => (
        <>
          <div className="b-label">{title}</div>
          <RangeBox cell={(valid ?? {}) as Days} kind="date" onChange={(cell) => change(set(uid, cell as Days | undefined), `valid ${uid}`)} />
        </>
      ),
    };
    return { columns: [column], more: [] };
  }, [name, dated, asked, change]);
}

/** As a cell of days is read; one day alone is that from which it counts. */
function readDays(text: string): { days: Days | undefined } | null {
  if (isAnything(text)) return { days: undefined };
  const cell: Cell | undefined = readRange(text, readDay)?.cell;
  if (!cell || 'not_in' in cell) return null;
  return { days: 'in' in cell ? { from: cell.in[0]! } : cell };
}
