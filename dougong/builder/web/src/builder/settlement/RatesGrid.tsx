/** The rates of foreign currencies (汇率), as finance keeps them in a spreadsheet: pair by pair, day by day. */
import { useMemo } from 'react';

import { t } from '../../core/i18n';
import { readDay } from '../../core/moments';
import { useDraft } from '../context';
import type { Column } from '../grid/column';
import { Grid } from '../grid/Grid';
import { currencyTitle, readCurrency } from './currencies';
import { addRates, changeRate, newRate, removeRates } from './edits/rates';
import { readNumeric } from './reading';
import { PER, type Rate, type Settlement } from './types';

const MOST = 5000;
const NONE: Rate[] = [];

/** Nothing, while no column says in which currency the lines are. */
export function RatesGrid() {
  const draft = useDraft((found: Settlement) => found);
  const columns = useMemo(rateColumns, []);
  const rates = draft.exchange?.rates ?? NONE;
  if (!draft.exchange) return null;
  return (
    <>
      <h3>{t('builder.settlement.rates')}</h3>
      <p className="b-help">{t('builder.settlement.rates.help')}</p>
      <Grid
        label={t('builder.settlement.rates')} group="" rows={rates} rowsIn={(doc: Settlement) => doc.exchange?.rates ?? NONE} columns={columns} most={MOST} rowName={(rate) => `${rate.from} → ${rate.to} ${rate.day}`}
        addWords={t('builder.settlement.rates.add')} fresh={() => newRate(draft)} insert={(rows) => (doc) => addRates(doc, rows)} remove={(uids) => (doc) => removeRates(doc, uids)} empty={null}
      />
    </>
  );
}

function rateColumns(): Column<Rate>[] {
  const currency = (key: 'from' | 'to'): Column<Rate> => ({
    key: `=${key}`, title: t(`builder.settlement.rates.${key}`), width: '170px', place: key,
    text: (rate) => rate[key],
    show: (rate) => currencyTitle(rate[key]),
    write: (rate, text) => set(rate, key, readCurrency(text)),
  });
  return [
    currency('from'),
    currency('to'),
    { key: '=day', title: t('builder.settlement.rates.day'), width: '130px', place: 'day', text: (rate) => rate.day, write: (rate, text) => set(rate, 'day', readDay(text.trim())) },
    { key: '=worth', title: t('builder.settlement.rates.rate'), width: '130px', end: true, place: 'rate', text: (rate) => rate.rate, write: (rate, text) => set(rate, 'rate', positive(readNumeric(text))) },
    { key: '=per', title: t('builder.settlement.rates.per'), width: '90px', end: true, place: 'per', text: (rate) => rate.per ?? '1', write: (rate, text) => set(rate, 'per', PER.find((one) => one === (text.trim() || '1')) ?? null) },
  ];
}

function set<K extends keyof Rate>(rate: Rate, key: K, value: Rate[K] | null) {
  return value === null ? null : (doc: Settlement) => changeRate(doc, rate.uid, { [key]: value });
}

function positive(found: string | null): string | null {
  return found === null || found.startsWith('-') || !/[1-9]/.test(found) ? null : found;
}
