/** The editor of a role: what it is called, and what it is for. Who holds it is bound by the tenant, outside the documents. */
import { t } from '../../core/i18n';
import type { Doc } from '../../core/types';
import { useDraft, useVerbs } from '../context';
import type { Editor } from '../editor';
import { described } from '../parts/Naming';
import { Setting } from '../parts/Setting';
import { TextBox } from '../parts/TextBox';

function Canvas() {
  const draft = useDraft((found: Doc) => found);
  const { change } = useVerbs();
  return (
    <div className="b-sheet card">
      <Setting label={t('builder.title')} required>
        <TextBox label={t('builder.title')} value={draft.title} onChange={(title) => change((doc) => ({ ...doc, title: title ?? {} }), 'title')} />
      </Setting>
      <Setting label={t('builder.description')} help={t('builder.role.help')}>
        <TextBox
          label={t('builder.description')}
          optional
          rows={3}
          value={draft.description}
          onChange={(next) => change((doc) => described(doc, next), 'description')}
        />
      </Setting>
    </div>
  );
}

export const editor: Editor = { kind: 'role', Canvas };
