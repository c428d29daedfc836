/** What is written into a record: which one, and its fields, those of the record type that is chosen beside. */
import { createContext, useContext, useMemo } from 'react';

import { fieldsOfForm, type FieldInfo } from '../../../core/fields';
import { t } from '../../../core/i18n';
import { documentOf } from '../../../core/library';
import type { Config, EntityDoc } from '../../../core/types';
import { RowsWidget } from '../../config/RowsWidget';
import type { WidgetProps, Widgets } from '../../config/widget';
import { useLibrary } from '../../context';
import { fieldChoices, useFields } from '../../fields';
import { Pick } from '../../parts/Pick';
import { inRow } from './inRow';

/** As the server's checks have it (`runtime/nodes/write_record.py`). */
const NEVER = ['none', 'files', 'rows'];
const Written = createContext<readonly FieldInfo[]>([]);

function FieldPick({ id, value, onChange, disabled, empty, fields }: WidgetProps & { fields: readonly FieldInfo[] }) {
  return <Pick id={id} value={value as string | undefined} choices={fieldChoices(fields)} empty={empty} onChange={(key) => onChange(key || undefined)} disabled={disabled} />;
}

/** A field of the ticket, or of its row, for records of the type. */
export const RecordFieldWidget = inRow((props: WidgetProps) => {
  const fields = useFields().filter((field) => field.kind === 'record' && field.config?.['entity'] === props.all['entity']);
  return <FieldPick {...props} fields={fields} />;
});

function WrittenFieldWidget(props: WidgetProps) {
  return <FieldPick {...props} fields={useContext(Written)} />;
}

/** To a number something can be added; anything else is set. */
function RecordValues(props: WidgetProps) {
  const library = useLibrary((found) => found);
  const entity = documentOf<EntityDoc>(library, 'entity', props.all['entity'] as string | undefined);
  const fields = useMemo(() => {
    const computed = new Set(library.vocabulary.fields.filter((type) => type.computed).map((type) => type.name));
    return fieldsOfForm(entity?.draft, library).filter((field) => !NEVER.includes(field.kind) && !computed.has(field.type));
  }, [entity, library]);
  const widgets: Widgets = useMemo(() => ({ ...props.widgets, 'written-field': WrittenFieldWidget }), [props.widgets]);
  if (!entity) return <p className="b-help">{t('builder.form.fill.no_entity')}</p>;
  const isNumber = (row: Config) => fields.some((field) => field.key === row['field'] && field.kind === 'number');
  const without = (row: Config) => (isNumber(row) || row['how'] ? [] : ['how', 'at_least']);
  return (
    <Written.Provider value={fields}>
      <RowsWidget {...props} widgets={widgets} without={without} />
    </Written.Provider>
  );
}

RecordValues.saysInner = true;
export const RecordValuesWidget = inRow(RecordValues);
