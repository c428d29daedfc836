/** What a step may do with each field: hidden, read, write, required. */
import { t } from '../../../core/i18n';
import type { WorkflowDoc } from '../../../core/types';
import { useDraft } from '../../context';
import type { WidgetProps } from '../../config/widget';
import { RIGHTS, usualRight } from '../matrix';
import { useRightsFields } from '../useRightsFields';
import { RightsTable, type Right } from '../RightsTable';

export function RightsWidget({ id, label, value, onChange, all, pointer, disabled }: WidgetProps) {
  const own = all['form'] as string | undefined;
  const ticketForm = useDraft((draft: WorkflowDoc) => draft.form);
  const node = useDraft((draft: WorkflowDoc) => draft.nodes[Number(pointer.split('/')[2])]);
  const fields = useRightsFields(own ?? ticketForm);
  if (!fields.length) return <p className="b-help">{t('builder.rights.no_form')}</p>;
  return (
    <RightsTable
      id={id}
      label={label}
      columns={RIGHTS}
      fields={fields}
      rights={(value ?? {}) as Record<string, Right>}
      usual={usualRight(node, own !== undefined && own !== ticketForm)}
      onChange={onChange}
      disabled={disabled}
    />
  );
}
