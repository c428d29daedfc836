/** The settings of the selected row; of the settlement where none is. */
import { t } from '../../core/i18n';
import { useDraft, useOpen } from '../context';
import { Naming } from '../parts/Naming';
import { InputInspector } from './InputInspector';
import { RuleInspector } from './RuleInspector';
import { ShareInspector } from './ShareInspector';
import { findPlace } from './tabs';
import { TermInspector } from './TermInspector';
import type { Settlement } from './types';

export function Inspector() {
  const selection = useOpen((open) => open.selection);
  const draft = useDraft((found: Settlement) => found);
  const found = selection[0] && findPlace(draft, selection[0]);
  if (found?.tab === 'inputs') {
    const index = draft.inputs.findIndex((one) => one.uid === found.place.uid);
    const input = draft.inputs[index];
    if (input) return <InputInspector key={input.uid} input={input} pointer={`/inputs/${index}`} />;
  }
  if (found?.tab === 'line' || found?.tab === 'statement') {
    const index = draft[found.tab]?.rules.findIndex((one) => one.uid === found.place.uid) ?? -1;
    const rule = draft[found.tab]?.rules[index];
    if (rule) return <RuleInspector key={rule.uid} name={found.tab} rule={rule} index={index} />;
  }
  if (found?.tab === 'terms') {
    const index = draft.terms?.findIndex((one) => one.uid === found.place.uid) ?? -1;
    const term = draft.terms?.[index];
    if (term) return <TermInspector key={term.uid} term={term} index={index} />;
  }
  if (found?.tab === 'shares') {
    const index = draft.shares?.findIndex((one) => one.uid === found.place.uid) ?? -1;
    const share = draft.shares?.[index];
    if (share) return <ShareInspector key={share.uid} share={share} index={index} />;
  }
  return <Whole />;
}

function Whole() {
  return (
    <>
      <Naming />
      <ol className="bs-steps">
        {['inputs', 'line', 'statement', 'terms', 'shares', 'sample'].map((one) => <li key={one}>{t(`builder.settlement.step.${one}`)}</li>)}
      </ol>
    </>
  );
}
