/** Whether a ticket that has ended may be revoked, for how long, and the way that is drawn for it. */
import { t } from '../../core/i18n';
import type { WorkflowDoc } from '../../core/types';
import { useDocument, useDraft, useLibrary } from '../context';
import { NumberBox } from '../parts/NumberBox';
import { Setting } from '../parts/Setting';
import { setConfig } from './edits';
import { entryOf, withoutRevocation, withRevocation } from './revocation';

export function RevocationSetting({ disabled }: { disabled: boolean }) {
  const { verbs } = useDocument<WorkflowDoc>();
  const entry = useDraft(entryOf);
  const types = useLibrary((found) => found.vocabulary.nodes);
  const label = t('builder.flow.revocation.days');
  return (
    <Setting label={t('builder.flow.revocation')} help={t('builder.flow.revocation.help')}>
      <label className="b-check">
        <input
          type="checkbox"
          checked={Boolean(entry)}
          disabled={disabled}
          onChange={(event) => verbs.change(event.target.checked ? (doc) => withRevocation(doc, types) : withoutRevocation)}
        />
        {t('builder.flow.revocation.own')}
      </label>
      {entry && (
        <>
          <label className="b-level">
            <span>{label}</span>
            <NumberBox
              label={label}
              value={entry.config?.['within_days'] as number | undefined}
              integer
              min={1}
              max={3650}
              disabled={disabled}
              onChange={(days) => verbs.change((doc) => setConfig(doc, entry.uid, 'within_days', days ? Number(days) : undefined), 'within_days')}
            />
          </label>
          <button type="button" className="button small quiet" onClick={() => verbs.lookAt({ group: 'nodes', uid: entry.uid })}>
            {t('builder.flow.revocation.show')}
          </button>
        </>
      )}
    </Setting>
  );
}
