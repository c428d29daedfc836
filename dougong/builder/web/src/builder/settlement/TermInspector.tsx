/** What stands behind the row of a term: how its tax is calculated, and when it holds. */
import { t } from '../../core/i18n';
import { useVerbs } from '../context';
import { Described } from './Described';
import { setPart } from './edits/charges';
import { changeRow } from './edits/rules';
import type { Settlement, Term } from './types';

export function TermInspector({ term, index }: { term: Term; index: number }) {
  const { change } = useVerbs<Settlement>();
  const set = (key: string, value: unknown) => change((doc) => changeRow(doc, 'terms', term.uid, (row) => {
    const now = row as Term;
    return key === 'per' ? { ...now, tax: setPart(now.tax, key, value) } : setPart(now, key, value);
  }), `term ${key} ${term.uid}`);
  return (
    <>
      <div className="b-inspector-head">
        <h2>{term.currency} {t(`builder.settlement.tax.${term.tax.kind}`)}</h2>
        <span className="tag">{t('builder.settlement.tab.terms')}</span>
      </div>
      <Described what="term" value={{ ...term, per: term.tax.per }} pointer={`/terms/${index}`} onChange={set} />
    </>
  );
}
