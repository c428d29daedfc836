/** What the sample lines come to: a statement for each partner, period and currency, explained part by part, with tax and shares. */
import { pick, t } from '../../core/i18n';
import { useDraft } from '../context';
import type { Calculated, GroupAnswer, StatementAnswer } from './sampling';
import { ShareBar } from './ShareBar';
import { useKinds, usePlaces } from './kinds';
import { inputOf, type Settlement } from './types';
import { money, partWords, placesIn, valueWords } from './words';

export function Statements({ result }: { result: Calculated }) {
  const draft = useDraft((found: Settlement) => found);
  const kinds = useKinds();
  const name = (partner: string) => valueWords(partner, inputOf(draft, draft.partner), kinds(draft.partner), () => undefined) || t('builder.settlement.sample.nobody');
  return (
    <div className="bs-statements">
      {result.errors.map((error, index) => <p key={index} className="b-said b-error" role="alert">{t(error.code, error.params)}</p>)}
      {result.statements.map(({ partner, period, statement }, index) => (
        <article key={index} className="bs-statement card">
          <header>
            <strong>{name(partner)}</strong>
            <span className="tag">{period || '—'}</span>
            <span className="tag accent">{statement.currency}</span>
          </header>
          <Explained statement={statement} />
          {statement.shares.length > 0 && (
            <>
              <h4>{t('settlement.shares')}</h4>
              <ShareBar shares={statement.shares.map((share) => ({ ...share, who: whoWords(share.who), amount: money(share.amount) }))} />
            </>
          )}
        </article>
      ))}
    </div>
  );
}

/** Whose a share is: what stands on the line, or the record that it names. */
function whoWords(who: unknown): string {
  return typeof who === 'object' ? String((who as { title?: string } | null)?.title ?? '') : String(who ?? '');
}

function Explained({ statement }: { statement: StatementAnswer }) {
  const { line, statement: table } = useDraft((found: Settlement) => found);
  /** Where every rule counts, each of them has a group, and so have the lines themselves, which may be worth nothing. */
  const isTold = (group: GroupAnswer) => group.rule || line || table?.policy !== 'collect' || statement.groups.length === 1;
  return (
    <table className="bs-explained">
      <tbody>
        {statement.groups.filter(isTold).map((group, index) => <Group key={index} group={group} like={statement.net} />)}
      </tbody>
      <tfoot>
        <Sum words={t('settlement.net')} amount={money(statement.net)} />
        <Sum words={t('settlement.tax')} amount={money(statement.tax)} />
        <Sum words={t('settlement.gross')} amount={money(statement.gross)} strong />
      </tfoot>
    </table>
  );
}

function Group({ group, like }: { group: GroupAnswer; like: string }) {
  const draft = useDraft((found: Settlement) => found);
  const rules = draft.statement?.rules ?? [];
  const index = rules.findIndex((rule) => rule.uid === group.rule);
  const places = usePlaces(group.parts.flatMap(([, params]) => placesIn(params)));
  return (
    <>
      {draft.line ? <Sum words={t('settlement.lines_sum', { n: group.count })} amount={money(group.lines_amount)} /> : <Sum words={t('builder.settlement.sample.lines', { count: group.count })} />}
      {group.rule ? (
        <Sum words={pick(rules[index]?.title) || t('builder.settlement.rule.number', { number: index + 1 })} head />
      ) : draft.statement && <Sum words={t(!group.count ? 'settlement.by_limit' : draft.line ? 'settlement.by_line' : 'builder.settlement.sample.no_rule')} head />}
      {group.parts.map(([code, params, amount], at) => <Sum key={at} words={partWords(code, params, places)} amount={amount === '0' ? '' : money(amount, '', like)} part />)}
      {group.parts.filter(([, , amount]) => amount !== '0').length > 1 && <Sum words={t('settlement.charge_sum')} amount={money(group.charge)} />}
      <Sum words={t(`settlement.tax_${group.tax_kind}`, { rate: group.tax_rate })} amount={money(group.tax)} part />
    </>
  );
}

function Sum({ words, amount, strong, part, head }: { words: string; amount?: string; strong?: boolean; part?: boolean; head?: boolean }) {
  return (
    <tr data-strong={strong || undefined} data-part={part || undefined} data-head={head || undefined}>
      <td>{words}</td>
      <td className="amount">{amount ?? ''}</td>
    </tr>
  );
}
