/** The settings of the chosen column; else the bench, and what the table is called. */
import { pick, t } from '../../core/i18n';
import { useDraft, useOpen, useVerbs } from '../context';
import { Setting } from '../parts/Setting';
import { TextBox } from '../parts/TextBox';
import { Bench } from './Bench';
import { ColumnInspector } from './ColumnInspector';
import { setWhole } from './edits';
import type { Side, Table } from './types';

export function Inspector() {
  const place = useOpen((open) => open.selection[0]);
  const draft = useDraft((found: Table) => found);
  if (place?.group === 'inputs' || place?.group === 'outputs') {
    const side: Side = place.group;
    const index = draft[side].findIndex((one) => one.uid === place.uid);
    const column = draft[side][index];
    if (column) return <ColumnInspector key={column.uid} side={side} column={column} pointer={`/${side}/${index}`} />;
  }
  return (
    <>
      <Bench />
      <Whole />
    </>
  );
}

function Whole() {
  const draft = useDraft((found: Table) => found);
  const readOnly = useOpen((open) => open.readOnly);
  const { change } = useVerbs<Table>();
  return (
    <div className="bt-whole">
      <div className="b-inspector-head">
        <h2>{pick(draft.title) || t('builder.untitled')}</h2>
        <span className="tag">{t('builder.kind.table')}</span>
      </div>
      <Setting label={t('builder.title')} required>
        <TextBox label={t('builder.title')} value={draft.title} disabled={readOnly} onChange={(title) => change((doc) => setWhole(doc, 'title', title ?? {}), 'title')} />
      </Setting>
      <Setting label={t('builder.description')}>
        <TextBox label={t('builder.description')} value={draft.description} optional rows={2} disabled={readOnly} onChange={(text) => change((doc) => setWhole(doc, 'description', text), 'description')} />
      </Setting>
    </div>
  );
}
