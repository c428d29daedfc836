/** How much of a statement a party gets, and whether it is divided among the people of the lines. */
import { useId } from 'react';

import { pick, t } from '../../core/i18n';
import { problemsAt } from '../../core/pointer';
import { FormulaWidget } from '../config/FormulaWidget';
import { useOpen, useVerbs } from '../context';
import { NumberBox } from '../parts/NumberBox';
import { Pick } from '../parts/Pick';
import { Setting } from '../parts/Setting';
import { Described } from './Described';
import { setPart } from './edits/charges';
import { replaceShare, shareBy } from './edits/rest';
import { SHARED_BY, sharedBy, type Settlement, type Share, type SharedBy } from './types';

export function ShareInspector({ share, index }: { share: Share; index: number }) {
  const { change } = useVerbs<Settlement>();
  const readOnly = useOpen((open) => open.readOnly);
  const problems = useOpen((open) => open.problems);
  const id = useId();
  const how = sharedBy(share);
  const put = (next: Share, key: string) => change((doc) => replaceShare(doc, next), `share ${key} ${share.uid}`);
  const value = (text: string | undefined) => put(shareBy(share, how, text ?? (how === 'formula' ? '' : '0')), how);
  return (
    <>
      <div className="b-inspector-head">
        <h2>{pick(share.party)}</h2>
        <span className="tag">{t('builder.settlement.tab.shares')}</span>
      </div>
      <Setting label={t('builder.settlement.shares.how')} htmlFor={`${id}-how`} help={t('builder.settlement.shares.how.help')}>
        <Pick id={`${id}-how`} value={how} choices={SHARED_BY.map((one) => ({ value: one, title: t(`builder.settlement.shares.by.${one}`) }))} disabled={readOnly} onChange={(one) => put(shareBy(share, one as SharedBy, one === 'formula' ? '' : '1'), 'how')} />
      </Setting>
      <Setting label={t(`builder.settlement.shares.by.${how}`)} htmlFor={`${id}-value`} required problems={problemsAt(problems, `/shares/${index}`)}>
        {how === 'formula' ? (
          <FormulaWidget id={`${id}-value`} label={t('builder.settlement.shares.by.formula')} schema={{}} all={{}} pointer={`/shares/${index}/formula`} value={share.formula} disabled={readOnly} onChange={(text) => value(text as string | undefined)} />
        ) : (
          <NumberBox id={`${id}-value`} value={share[how]} disabled={readOnly} onChange={value} />
        )}
      </Setting>
      <Described what="share" without={how === 'amount' ? [] : ['currency']} value={share} pointer={`/shares/${index}`} onChange={(key, next) => put(setPart(share, key, next), key)} />
    </>
  );
}
