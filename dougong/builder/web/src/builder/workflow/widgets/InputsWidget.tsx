/** From which field of the ticket each column of a settlement takes its value. */
import { pick, t } from '../../../core/i18n';
import { documentOf, fieldType } from '../../../core/library';
import type { SettlementDoc } from '../../../core/types';
import { useLibrary } from '../../context';
import type { WidgetProps } from '../../config/widget';
import { fieldChoices, useFields } from '../../fields';
import { Pick } from '../../parts/Pick';

type Inputs = Record<string, string>;

export function InputsWidget({ value, onChange, all, disabled }: WidgetProps) {
  const inputs = (value ?? {}) as Inputs;
  const library = useLibrary((found) => found);
  const fields = useFields();
  const settlement = documentOf<SettlementDoc>(library, 'settlement', all['settlement'] as string | undefined)?.draft;
  if (!settlement) return <p className="b-help">{t('builder.inputs.no_settlement')}</p>;
  const columns = settlement.inputs;
  const gone = Object.keys(inputs).filter((key) => !columns.some((column) => column.key === key));
  const set = (column: string, field: string) => {
    const { [column]: _, ...others } = inputs;
    onChange(field ? { ...others, [column]: field } : others);
  };
  const row = (key: string, title: string, kind: string | undefined, required: boolean, empty: string) => {
    const fitting = fields.filter((field) => !kind || field.kind === kind);
    return (
      <div key={key} className="b-input-row">
        <span title={title}>
          {title}
          {required && <span className="b-required">*</span>}
        </span>
        <Pick
          label={title}
          value={inputs[key]}
          choices={fieldChoices(fitting)}
          empty={empty}
          onChange={(field) => set(key, field)}
          disabled={disabled}
        />
      </div>
    );
  };
  return (
    <div className="b-inputs">
      {columns.map((column) => {
        const isDate = column.key === settlement['date'];
        const looked = Boolean((column as { from?: unknown }).from);
        const empty = t(isDate ? 'builder.inputs.today' : looked ? 'builder.inputs.looked_up' : 'builder.none');
        return row(column.key, pick(column.title) || column.key, fieldType(library, column.type)?.kind, column.required ?? false, empty);
      })}
      {gone.map((key) => row(key, t('builder.gone', { name: key }), undefined, false, t('builder.none')))}
    </div>
  );
}
