/** Terms by dimension (区域条款): which currency and which tax, the first that fits. */
import { useMemo } from 'react';

import { t } from '../../core/i18n';
import { useDraft, useVerbs } from '../context';
import type { Column } from '../grid/column';
import { Grid } from '../grid/Grid';
import { ChoicePanel } from './ChoicePanel';
import { AddDimension, useDimensionColumns } from './columns';
import { currencyChoices, currencyTitle, readCurrency } from './currencies';
import { addDimension, changeTerm, duplicateRows, insertRows, moveRow, newTerm, nudgeRow, removeRows } from './edits/rules';
import { Empty } from './Empty';
import { RatesGrid } from './RatesGrid';
import { readPercent } from './reading';
import { TAXES, type Settlement, type Tax, type Term } from './types';
import { useValidity } from './validity-column';

const NONE: Term[] = [];

export function TermsPanel() {
  const terms = useDraft((draft: Settlement) => draft.terms) ?? NONE;
  const draft = useDraft((found: Settlement) => found);
  const { change } = useVerbs<Settlement>();
  const dimensions = useDimensionColumns<Term>('terms');
  const validity = useValidity<Term>('terms');
  const own = useTermColumns();
  const columns = useMemo(() => [...dimensions, ...validity.columns, ...own], [dimensions, validity, own]);
  return (
    <section className="bs-rules">
      <p className="b-help">{t('builder.settlement.terms.help', { currency: draft.currency })}</p>
      <Grid
        label={t('builder.settlement.tab.terms')} group="terms" rows={terms} rowsIn={(doc: Settlement) => doc.terms ?? []} columns={columns} most={200} rowName={(term) => `${term.currency} ${t(`builder.settlement.tax.${term.tax.kind}`)}`} addWords={t('builder.settlement.terms.add')}
        fresh={() => newTerm(draft)} insert={(rows, after) => (doc) => insertRows(doc, 'terms', rows, after)} duplicate={(uids) => (doc) => duplicateRows(doc, 'terms', uids)}
        remove={(uids) => (doc) => removeRows(doc, 'terms', uids)} move={(uid, before) => (doc) => moveRow(doc, 'terms', uid, before)} nudge={(uid, by) => (doc) => nudgeRow(doc, 'terms', uid, by)}
        tools={<AddDimension name="terms" add={(input) => change((doc) => addDimension(doc, 'terms', input))} more={validity.more} />}
        empty={<Empty words={t('builder.settlement.terms.empty', { currency: draft.currency })} />}
      />
      <RatesGrid />
    </section>
  );
}

const RATED = ['inclusive', 'exclusive'];

function useTermColumns(): Column<Term>[] {
  const { change } = useVerbs<Settlement>();
  return useMemo(() => {
    const taxed = (term: Term, kind: Tax['kind']) => (doc: Settlement) => changeTerm(doc, term.uid, { tax: RATED.includes(kind) ? { kind, rate: term.tax.rate ?? '6' } : { kind } });
    return [
      {
        key: '=currency', title: t('builder.settlement.currency'), width: '150px', place: 'currency',
        text: (term) => term.currency,
        show: (term) => currencyTitle(term.currency),
        write: (term, text) => {
          const currency = readCurrency(text);
          return currency === null ? null : (doc: Settlement) => changeTerm(doc, term.uid, { currency });
        },
        panel: (term, close) => (
          <ChoicePanel
            label={t('builder.settlement.currency')} value={term.currency} choices={currencyChoices(term.currency)}
            onChoose={(currency) => {
              change((doc) => changeTerm(doc, term.uid, { currency }));
              close();
            }}
          />
        ),
      },
      {
        key: '=tax', title: t('builder.settlement.tax'), width: '130px', place: 'tax',
        text: (term) => t(`builder.settlement.tax.${term.tax.kind}`),
        write: (term, text) => {
          const kind = TAXES.find((one) => [one as string, t(`builder.settlement.tax.${one}`)].some((words) => words.toLowerCase() === text.trim().toLowerCase()));
          return kind ? taxed(term, kind) : null;
        },
        panel: (term, close) => (
          <ChoicePanel
            label={t('builder.settlement.tax')} value={term.tax.kind} choices={TAXES.map((one) => ({ value: one, title: t(`builder.settlement.tax.${one}`), help: t(`builder.settlement.tax.${one}.help`) }))}
            onChoose={(kind) => {
              change(taxed(term, kind as Tax['kind']));
              close();
            }}
          />
        ),
      },
      {
        key: '=rate', title: t('builder.settlement.tax.rate'), width: '100px', end: true, place: 'tax/rate',
        absent: (term) => !RATED.includes(term.tax.kind),
        text: (term) => term.tax.rate ?? '',
        show: (term) => (term.tax.rate === undefined ? '' : `${term.tax.rate}%`),
        write: (term, text) => {
          const rate = text.trim() ? readPercent(text) : undefined;
          if (rate === null) return null;
          return (doc: Settlement) => changeTerm(doc, term.uid, { tax: { kind: term.tax.kind, ...(rate === undefined ? {} : { rate }) } });
        },
      },
    ];
  }, [change]);
}
