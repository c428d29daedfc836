/** What a record type says of its fields: which one names a record, which must not repeat, which are the columns of the list. */
import { X } from 'lucide-react';
import { useId } from 'react';

import { t } from '../../core/i18n';
import { problemsAt } from '../../core/pointer';
import type { EntityDoc } from '../../core/types';
import { useDraft, useOpen, useVerbs } from '../context';
import { Grip } from '../drag/Grip';
import { fieldChoices, fieldTitle, useFields } from '../fields';
import { MultiPick } from '../parts/MultiPick';
import { Pick } from '../parts/Pick';
import { Setting } from '../parts/Setting';
import { listField, MOST_COLUMNS, moveListed, nudgeListed, setEntity } from './edits/entity';

export function EntitySettings() {
  const draft = useDraft((found: EntityDoc) => found);
  const readOnly = useOpen((open) => open.readOnly);
  const problems = useOpen((open) => open.problems);
  const { change } = useVerbs<EntityDoc>();
  const fields = useFields();
  const id = useId();
  const choices = fieldChoices(fields);
  return (
    <section className="b-part">
      <h3>{t('builder.form.entity')}</h3>
      <Setting label={t('builder.form.entity.name_field')} htmlFor={`${id}-name`} help={t('builder.form.entity.name_field.help')} problems={problemsAt(problems, '/name_field')}>
        <Pick id={`${id}-name`} value={draft.name_field} choices={choices} empty={t('builder.none')} disabled={readOnly} onChange={(key) => change((doc) => setEntity(doc, 'name_field', key || undefined))} />
      </Setting>
      <Setting label={t('builder.form.entity.unique_field')} htmlFor={`${id}-unique`} help={t('builder.form.entity.unique_field.help')} problems={problemsAt(problems, '/unique_field')}>
        <Pick id={`${id}-unique`} value={draft.unique_field} choices={choices} empty={t('builder.none')} disabled={readOnly} onChange={(key) => change((doc) => setEntity(doc, 'unique_field', key || undefined))} />
      </Setting>
      <Setting label={t('builder.form.entity.list_fields')} help={t('builder.form.entity.list_fields.help', { most: MOST_COLUMNS })} problems={problemsAt(problems, '/list_fields')}>
        <Columns />
        <MultiPick label={t('builder.form.entity.list_fields')} values={[]} choices={choices.filter((one) => !draft.list_fields?.includes(one.value))} disabled={readOnly || (draft.list_fields?.length ?? 0) >= MOST_COLUMNS} onChange={([key]) => key && change((doc) => listField(doc, key, true))} />
      </Setting>
    </section>
  );
}

function Columns() {
  const columns = useDraft((found: EntityDoc) => found.list_fields) ?? [];
  const readOnly = useOpen((open) => open.readOnly);
  const { change } = useVerbs<EntityDoc>();
  const fields = useFields();
  const title = (key: string) => {
    const field = fields.find((one) => one.key === key);
    return field ? fieldTitle(field) : t('builder.gone', { name: key });
  };
  return (
    <ol className="bf-columns" data-zone="columns" data-zone-id="columns">
      {columns.map((key) => (
        <li key={key} data-item={key}>
          <Grip uid={`column ${key}`} label={title(key)} what="columns" disabled={readOnly} drop={(fall) => change((doc) => moveListed(doc, key, fall.before))} move={(direction) => change((doc) => nudgeListed(doc, key, direction === 'up' || direction === 'left' ? -1 : 1))} />
          <span>{title(key)}</span>
          <button type="button" className="button quiet small icon-only" aria-label={t('builder.remove_one', { name: title(key) })} disabled={readOnly} onClick={() => change((doc) => listField(doc, key, false))}><X size={13} aria-hidden /></button>
        </li>
      ))}
    </ol>
  );
}
