/** The head of an inspector that shows a whole document: its kind, its title, its description. */
import { pick, t } from '../../core/i18n';
import type { Doc } from '../../core/types';
import { useDraft, useOpen, useVerbs } from '../context';
import { Setting } from './Setting';
import { TextBox } from './TextBox';

export function Naming() {
  const draft = useDraft((found: Doc) => found);
  const readOnly = useOpen((open) => open.readOnly);
  const { change } = useVerbs();
  return (
    <>
      <div className="b-inspector-head">
        <h2>{pick(draft.title) || t('builder.untitled')}</h2>
        <span className="tag">{t(`builder.kind.${draft.kind}`)}</span>
      </div>
      <Setting label={t('builder.title')} required>
        <TextBox label={t('builder.title')} value={draft.title} disabled={readOnly} onChange={(title) => change((doc) => ({ ...doc, title: title ?? {} }), 'title')} />
      </Setting>
      <Setting label={t('builder.description')}>
        <TextBox label={t('builder.description')} value={draft.description} optional rows={2} disabled={readOnly} onChange={(text) => change((doc) => described(doc, text), 'description')} />
      </Setting>
    </>
  );
}

export function described(doc: Doc, description: Doc['description']): Doc {
  const { description: _, ...rest } = doc;
  return description ? { ...rest, description } : rest;
}
