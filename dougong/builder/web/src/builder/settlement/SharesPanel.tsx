/** Shares (分成): who gets how many percent of the net amount; together 100. */
import { useId, useMemo } from 'react';

import { decimal, order, plain } from '../../core/decimal';
import { language, pick, t } from '../../core/i18n';
import { problemsAt } from '../../core/pointer';
import { useDraft, useOpen, useVerbs } from '../context';
import type { Column } from '../grid/column';
import { Grid } from '../grid/Grid';
import { Pick } from '../parts/Pick';
import { Setting } from '../parts/Setting';
import { TextBox } from '../parts/TextBox';
import { setPart } from './edits/charges';
import { addShare, changeShare, moveShare, nudgeShare, removeShares, totalOf } from './edits/rest';
import { Empty } from './Empty';
import { readPercent } from './reading';
import { ShareBar } from './ShareBar';
import { sharedBy, type Settlement, type Share } from './types';

const NONE: Share[] = [];

export function SharesPanel() {
  const shares = useDraft((draft: Settlement) => draft.shares) ?? NONE;
  const draft = useDraft((found: Settlement) => found);
  const problems = problemsAt(useOpen((open) => open.problems), '/shares');
  const columns = useShareColumns();
  const { change } = useVerbs<Settlement>();
  const readOnly = useOpen((open) => open.readOnly);
  const id = useId();
  const total = totalOf(shares);
  const byPercent = shares.every((share) => share.percent !== undefined);
  const ties = order(total, decimal('100')!) === 0;
  return (
    <section className="bs-rules">
      <p className="b-help">{t('builder.settlement.shares.help')}</p>
      <Grid
        label={t('builder.settlement.tab.shares')} group="shares" rows={shares} columns={columns} most={20} rowName={(share) => pick(share.party)} addWords={t('builder.settlement.shares.add')}
        fresh={() => addShare(draft, { [language()]: t('builder.settlement.shares.new', { number: shares.length + 1 }) }).shares?.at(-1) as Share} insert={(rows) => (doc: Settlement) => ({ ...doc, shares: [...(doc.shares ?? []), ...rows] })}
        remove={(uids) => (doc) => removeShares(doc, uids)} move={(uid, before) => (doc) => moveShare(doc, uid, before)} nudge={(uid, by) => (doc) => nudgeShare(doc, uid, by)}
        empty={<Empty words={t('builder.settlement.shares.empty')} />}
      />
      {byPercent && shares.length > 0 && (
        <>
          <p className={ties ? 'bs-total b-good' : 'bs-total b-bad'} role="status">
            {t(ties ? 'builder.settlement.shares.ties' : 'builder.settlement.shares.off', { total: plain(total) })}
          </p>
          <ShareBar shares={shares.map((share) => ({ uid: share.uid, party: share.party, percent: share.percent ?? '0' }))} />
        </>
      )}
      {shares.length > 1 && (
        <Setting label={t('builder.settlement.shares.remainder')} htmlFor={id}>
          <Pick id={id} value={draft.remainder ?? 'largest'} disabled={readOnly} onChange={(one) => change((doc) => setPart(doc, 'remainder', one === 'largest' ? undefined : one))} choices={[...['largest', 'first', 'last'].map((one) => ({ value: one, title: t(`builder.settlement.shares.remainder.${one}`) })), ...shares.map((one) => ({ value: one.uid, title: pick(one.party) }))]} />
        </Setting>
      )}
      {shares.length > 0 && (
        <label className="b-check">
          <input type="checkbox" checked={draft.shares_shown ?? false} disabled={readOnly} onChange={(event) => change((doc) => setPart(doc, 'shares_shown', event.target.checked || undefined))} />
          {t('builder.settlement.shares.shown')}
        </label>
      )}
      {problems.filter((problem) => problem.code !== 'check.shares_not_100').map((problem, index) => <p key={index} className={`b-said b-${problem.severity}`}>{problem.message}</p>)}
    </section>
  );
}

function useShareColumns(): Column<Share>[] {
  const { change } = useVerbs<Settlement>();
  return useMemo(
    () => [
      {
        key: 'party', title: t('builder.settlement.shares.party'), width: '240px', place: 'party',
        text: (share) => pick(share.party),
        write: (share, text) => (text.trim() ? (doc: Settlement) => changeShare(doc, share.uid, { party: { ...share.party, [language()]: text.trim().slice(0, 200) } }) : null),
        panel: (share) => (
          <>
            <div className="b-label">{t('builder.settlement.shares.party')}</div>
            <TextBox label={t('builder.settlement.shares.party')} value={share.party} autoFocus onChange={(party) => change((doc) => changeShare(doc, share.uid, { party: party ?? {} }), `party ${share.uid}`)} />
          </>
        ),
      },
      {
        key: 'percent', title: t('builder.settlement.shares.percent'), width: '120px', end: true, place: 'percent',
        absent: (share) => share.percent === undefined,
        text: (share) => share.percent ?? '',
        show: (share) => `${share.percent}%`,
        write: (share, text) => {
          const percent = readPercent(text);
          return percent === null ? null : (doc: Settlement) => changeShare(doc, share.uid, { percent });
        },
      },
      {
        key: 'how', title: t('builder.settlement.shares.how'), width: '220px',
        text: (share) => {
          const how = sharedBy(share);
          return `${t(`builder.settlement.shares.by.${how}`)}${how === 'percent' ? '' : ` ${share[how]}`}`;
        },
      },
    ],
    [change],
  );
}
