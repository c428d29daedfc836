/** What is said with what is done in a walk: to which step, to whom, why, what a message brings. */
import { useId } from 'react';

import { pick, t } from '../../core/i18n';
import { documentsOf } from '../../core/library';
import type { Config, WorkflowDoc } from '../../core/types';
import { useDraft, useLibrary } from '../context';
import { useFields } from '../fields';
import { Chips } from '../parts/Chips';
import { MultiPick } from '../parts/MultiPick';
import { Pick } from '../parts/Pick';
import { nodeOf } from './edits';
import type { Ask } from './useWalk';
import { personName } from './walking';
import { Values } from './WalkValues';

interface Props {
  asks: readonly Ask[];
  said: Config;
  onChange(said: Config): void;
}

export function Asks({ asks, said, onChange }: Props) {
  const id = useId();
  return asks.map((ask) => <Asked key={ask.key} id={`${id}-${ask.key}`} ask={ask} value={said[ask.key]} onChange={(value) => onChange({ ...said, [ask.key]: value })} />);
}

function Asked({ id, ask, value, onChange }: { id: string; ask: Ask; value: unknown; onChange(value: unknown): void }) {
  const draft = useDraft((found: WorkflowDoc) => found);
  const library = useLibrary((found) => found);
  const fields = useFields();
  const title = (uid: string) => pick(nodeOf(draft, uid)?.title) || uid;
  const text = value === undefined ? '' : String(value);
  switch (ask.kind) {
    case 'step':
      return <Labelled id={id} words={t('builder.walk.ask.step')}><Pick id={id} value={text || ask.among[0]} choices={ask.among.map((one) => ({ value: one, title: title(one) }))} onChange={onChange} /></Labelled>;
    case 'yes':
      return <label className="b-check"><input type="checkbox" checked={value === true} onChange={(event) => onChange(event.target.checked)} />{t('builder.walk.ask.straight')}</label>;
    case 'text':
      return <Labelled id={id} words={t(ask.key === 'item' ? 'builder.walk.ask.item' : 'builder.walk.ask.why')} needed={ask.needed}><input id={id} className="input" maxLength={200} value={text} onChange={(event) => onChange(event.target.value)} /></Labelled>;
    case 'person':
      if (ask.among) return <Labelled id={id} words={t('builder.walk.ask.whom')}><Pick id={id} value={text || ask.among[0]} choices={ask.among.map((one) => ({ value: one, title: personName(library, one) }))} onChange={onChange} /></Labelled>;
      return (
        <Labelled id={id} words={t('builder.walk.ask.whom')} needed>
          <input id={id} className="input" list={`${id}-known`} maxLength={36} placeholder={t('builder.walk.ask.whom.help')} value={text} onChange={(event) => onChange(event.target.value)} />
          <datalist id={`${id}-known`}>{documentsOf(library, 'role').map(({ key, title }) => <option key={key} value={key}>{pick(title)}</option>)}</datalist>
        </Labelled>
      );
    case 'persons':
    case 'chosen': {
      const among = ask.kind === 'persons' ? ask.among : undefined;
      const words = ask.kind === 'chosen' ? t('builder.walk.ask.chosen', { step: title(ask.key) }) : t('builder.walk.ask.whom');
      if (among)
        return (
          <Labelled words={words} needed>
            <MultiPick label={words} values={Array.isArray(value) ? value : []} choices={among.map((one) => ({ value: one, title: personName(library, one) }))} onChange={onChange} />
          </Labelled>
        );
      return <Labelled words={words} needed={ask.kind === 'persons' || ask.least > 0}><Chips label={words} values={Array.isArray(value) ? value : []} onChange={onChange} /></Labelled>;
    }
    case 'content': {
      const into = ask.pairs.map(({ field }) => field);
      return (
        <div className="b-stack" role="group" aria-label={t('builder.walk.ask.content')}>
          <p className="b-help">{t('builder.walk.ask.content')}</p>
          <Values fields={fields.filter(({ key }) => into.includes(key)).map((field) => ({ ...field, required: false }))} values={(value ?? {}) as Config} onChange={onChange} />
        </div>
      );
    }
  }
}

function Labelled({ id, words, needed, children }: { id?: string; words: string; needed?: boolean; children: React.ReactNode }) {
  return (
    <div className="b-walk-value">
      <label htmlFor={id}>{words}{needed && <span className="b-required">*</span>}</label>
      {children}
    </div>
  );
}
