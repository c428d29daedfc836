/** The settings of the selected row; of the settlement where none is. */
import { pick, t } from '../../core/i18n';
import { useDraft, useOpen, useVerbs } from '../context';
import { Setting } from '../parts/Setting';
import { TextBox } from '../parts/TextBox';
import { setWhole } from './edits/rest';
import { InputInspector } from './InputInspector';
import { RuleInspector } from './RuleInspector';
import { findPlace } from './tabs';
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
  return <Whole />;
}

function Whole() {
  const draft = useDraft((found: Settlement) => found);
  const readOnly = useOpen((open) => open.readOnly);
  const { change } = useVerbs<Settlement>();
  return (
    <>
      <div className="b-inspector-head">
        <h2>{pick(draft.title) || t('builder.untitled')}</h2>
        <span className="tag">{t('builder.kind.settlement')}</span>
      </div>
      <Setting label={t('builder.title')} required>
        <TextBox label={t('builder.title')} value={draft.title} disabled={readOnly} onChange={(title) => change((doc) => setWhole(doc, 'title', title ?? {}), 'title')} />
      </Setting>
      <Setting label={t('builder.description')}>
        <TextBox label={t('builder.description')} value={draft.description} optional rows={2} disabled={readOnly} onChange={(text) => change((doc) => setWhole(doc, 'description', text), 'description')} />
      </Setting>
      <ol className="bs-steps">
        {['inputs', 'line', 'statement', 'terms', 'shares', 'sample'].map((one) => <li key={one}>{t(`builder.settlement.step.${one}`)}</li>)}
      </ol>
    </>
  );
}
