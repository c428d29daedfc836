/** What a rule is called: shown in explanations and statements. */
import { useMemo } from 'react';

import { language, pick, t } from '../../core/i18n';
import { useVerbs } from '../context';
import type { Column } from '../grid/column';
import { TextBox } from '../parts/TextBox';
import { setTitle } from './edits/rules';
import type { PriceRule, Settlement, TableName } from './types';

export function useTitleColumn(name: TableName): Column<PriceRule> {
  const { change } = useVerbs<Settlement>();
  return useMemo(
    () => ({
      key: 'title',
      title: t('builder.settlement.rule.title'),
      width: '170px',
      text: (rule) => pick(rule.title),
      show: (rule) => pick(rule.title) || <span className="b-any">{t('builder.settlement.rule.untitled')}</span>,
      write: (rule, text) => (doc) => setTitle(doc, name, rule.uid, text ? { ...rule.title, [language()]: text.slice(0, 200) } : undefined),
      panel: (rule) => (
        <>
          <div className="b-label">{t('builder.settlement.rule.title')}</div>
          <TextBox label={t('builder.settlement.rule.title')} value={rule.title} optional autoFocus onChange={(title) => change((doc) => setTitle(doc, name, rule.uid, title), `title ${rule.uid}`)} />
        </>
      ),
    }),
    [name, change],
  );
}
