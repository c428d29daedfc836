/** The settings of the selected row; of the settlement where none is. */
import { pick, t } from '../../core/i18n';
import type { Config, Schema } from '../../core/types';
import { setWords } from '../config/words';
import { useDraft, useLibrary, useOpen, useVerbs } from '../context';
import { Fold } from '../parts/Fold';
import { Naming } from '../parts/Naming';
import { Described } from './Described';
import { setPart } from './edits/charges';
import { setExchange } from './edits/rates';
import { InputInspector } from './InputInspector';
import { RuleInspector } from './RuleInspector';
import { ShareInspector } from './ShareInspector';
import { findPlace } from './tabs';
import { TermInspector } from './TermInspector';
import type { Exchange, Settlement } from './types';

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
      {PARTS.map((only) => <WholePart key={only[0]} only={only} />)}
    </>
  );
}

/** What is set for the whole settlement, in the parts that it folds away with. */
const PARTS = [['period', 'zone', 'valid'], ['limits'], ['rounding'], ['exchange'], ['pools']];

function WholePart({ only }: { only: string[] }) {
  const draft = useDraft((found: Settlement) => found) as unknown as Config;
  const properties = useLibrary((library) => library.vocabulary.settlement?.['whole']?.properties);
  const wrong = useOpen((open) => open.problems).some((problem) => only.some((key) => `${problem.path}/`.startsWith(`/${key}/`)));
  const { change } = useVerbs<Settlement>();
  const settings = only.flatMap((key) => (properties?.[key] ? [[key, properties[key]] as [string, Schema]] : []));
  if (!settings.length) return null;
  return (
    <Fold title={settings.map(([, one]) => pick(one['x-title'])).join(' · ')} said={setWords(settings, draft)} atFirst={false} wrong={wrong}>
      <Described what="whole" value={draft} pointer="" only={only} onChange={(key, value) => change((doc) => (key === 'exchange' ? setExchange(doc, value as Partial<Exchange> | undefined) : setPart(doc, key, value)), `whole ${key}`)} />
    </Fold>
  );
}
