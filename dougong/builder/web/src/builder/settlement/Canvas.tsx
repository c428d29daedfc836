/** The tables of a settlement as tabs, in the order in which they are filled; the sample calculation below them. */
import { Tabs } from 'radix-ui';

import { t } from '../../core/i18n';
import { elementAt } from '../../core/pointer';
import type { Problem } from '../../core/types';
import { useDraft, useOpen, useVerbs } from '../context';
import { useTab } from './Around';
import { InputsPanel } from './InputsPanel';
import { RulesPanel } from './RulesPanel';
import { SampleDock } from './SampleDock';
import { SharesPanel } from './SharesPanel';
import { findPlace, rowsIn, tabOf, TABS, type Tab } from './tabs';
import { TermsPanel } from './TermsPanel';
import type { Settlement } from './types';

const PANELS: Record<Tab, () => React.ReactNode> = {
  inputs: () => <InputsPanel />,
  line: () => <RulesPanel key="line" name="line" />,
  statement: () => <RulesPanel key="statement" name="statement" />,
  terms: () => <TermsPanel />,
  shares: () => <SharesPanel />,
};

export function Canvas() {
  const [tab, setTab] = useTab();
  const { select } = useVerbs();
  const readOnly = useOpen((open) => open.readOnly);
  const draft = useDraft((found: Settlement) => found);
  const problems = useOpen((open) => open.problems);
  const open = (next: string) => {
    setTab(next as Tab);
    select([]);
  };
  return (
    <div className="bs-work">
      <Tabs.Root className="bs-tables" value={tab} onValueChange={open}>
        <Tabs.List className="bs-tabs" aria-label={t('builder.settlement.tables')}>
          {TABS.map((one) => (
            <Tabs.Trigger key={one} value={one} className="bs-tab">
              {t(`builder.settlement.tab.${one}`)}
              {(one === 'line' || one === 'statement') && !draft[one] ? <span className="muted small">{t('builder.settlement.not_on')}</span> : <span className="count">{rowsIn(draft, one).length}</span>}
              <Findings found={problems.filter((problem) => tabOfProblem(draft, problem) === one)} />
            </Tabs.Trigger>
          ))}
        </Tabs.List>
        <Tabs.Content className="bs-panel" value={tab} data-scrolls tabIndex={-1}>{PANELS[tab]()}</Tabs.Content>
      </Tabs.Root>
      {!readOnly && <SampleDock />}
    </div>
  );
}

function Findings({ found }: { found: Problem[] }) {
  if (!found.length) return null;
  const bad = found.some((problem) => problem.severity === 'error');
  return <span className={bad ? 'tag bad' : 'tag warn'} title={found.map((problem) => problem.message).join('\n')}>{t('builder.settlement.findings', { count: found.length })}</span>;
}

function tabOfProblem(draft: Settlement, problem: Problem): Tab {
  const at = elementAt(draft, problem.path);
  return (at && findPlace(draft, at)?.tab) ?? tabOf(problem.path);
}
