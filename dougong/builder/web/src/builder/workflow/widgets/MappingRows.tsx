/** Which field of the ticket belongs to each column of something: one row a column, and those whose column is gone. */
import { t } from '../../../core/i18n';
import { fieldChoices, useFields } from '../../fields';
import { Pick } from '../../parts/Pick';

export type Mapping = Record<string, string>;

export interface MappingRow {
  key: string;
  title: string;
  /** The kinds of field that fit; any where it is not said. */
  kinds?: readonly string[] | undefined;
  required?: boolean;
  empty?: string;
}

interface Props {
  rows: readonly MappingRow[];
  value: Mapping;
  onChange(value: Mapping): void;
  disabled: boolean;
}

export function MappingRows({ rows, value, onChange, disabled }: Props) {
  const fields = useFields();
  const gone = Object.keys(value).filter((key) => !rows.some((row) => row.key === key)).map((key): MappingRow => ({ key, title: t('builder.gone', { name: key }) }));
  const set = (key: string, field: string) => {
    const { [key]: _, ...others } = value;
    onChange(field ? { ...others, [key]: field } : others);
  };
  return (
    <div className="b-inputs">
      {[...rows, ...gone].map(({ key, title, kinds, required, empty = t('builder.none') }) => (
        <div key={key} className="b-input-row">
          <span title={title}>
            {title}
            {required && <span className="b-required">*</span>}
          </span>
          <Pick
            label={title}
            value={value[key]}
            choices={fieldChoices(fields.filter((field) => !kinds || kinds.includes(field.kind)))}
            empty={empty}
            onChange={(field) => set(key, field)}
            disabled={disabled}
          />
        </div>
      ))}
    </div>
  );
}
