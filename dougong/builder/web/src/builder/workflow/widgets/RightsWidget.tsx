/** What a step may do with each field: hidden, read, write, required. */
import { fieldsOfForm } from '../../../core/fields';
import { t } from '../../../core/i18n';
import { documentOf, fieldType } from '../../../core/library';
import type { FormDoc, WorkflowDoc } from '../../../core/types';
import { useDraft, useLibrary } from '../../context';
import type { WidgetProps } from '../../config/widget';
import { fieldTitle } from '../../fields';
import { RightsTable, type Right } from '../RightsTable';

const RIGHTS = ['hidden', 'read', 'write', 'required'] as const;

export function RightsWidget({ id, label, value, onChange, all, pointer, disabled }: WidgetProps) {
  const own = all['form'] as string | undefined;
  const ticketForm = useDraft((draft: WorkflowDoc) => draft.form);
  const isStart = useDraft((draft: WorkflowDoc) => draft.nodes[Number(pointer.split('/')[2])]?.type === 'start');
  const library = useLibrary((found) => found);
  const fields = fieldsOfForm(documentOf<FormDoc>(library, 'form', own ?? ticketForm)?.draft, library);
  if (!fields.length) return <p className="b-help">{t('builder.rights.no_form')}</p>;
  return (
    <RightsTable
      id={id}
      label={label}
      columns={RIGHTS}
      fields={fields.map((one) => ({ key: one.key, title: fieldTitle(one), computed: fieldType(library, one.type)?.computed ?? false }))}
      rights={(value ?? {}) as Record<string, Right>}
      // Nothing said: whoever files the ticket, or has a form of his own to fill, writes; others read.
      usual={isStart || (own !== undefined && own !== ticketForm) ? 'write' : 'read'}
      onChange={onChange}
      disabled={disabled}
    />
  );
}
