/** Rights by field: a column each, a row for all other fields, and buttons for a whole column. */
import { RotateCcw } from 'lucide-react';

import { t } from '../../core/i18n';

export type Right = 'hidden' | 'read' | 'write' | 'required';

/** The key of all other fields. */
export const REST = '*';

export interface RightsField {
  key: string;
  title: string;
  /** Nobody types what is computed: it can only be read. */
  computed: boolean;
}

interface Props {
  id: string;
  label: string;
  columns: readonly Right[];
  fields: readonly RightsField[];
  rights: Record<string, Right>;
  /** What holds where nothing is said. */
  usual: Right;
  onChange(rights: Record<string, Right> | undefined): void;
  disabled: boolean;
}

export function RightsTable({ id, label, columns, fields, rights, usual, onChange, disabled }: Props) {
  const rest = rights[REST] ?? usual;
  const set = (key: string, right: Right | undefined) => {
    const { [key]: _, ...others } = rights;
    const next = right ? { ...others, [key]: right } : others;
    onChange(Object.keys(next).length ? next : undefined);
  };
  const row = { columns, disabled };
  return (
    <table className="b-rights" id={id} aria-label={label}>
      <thead>
        <tr>
          <th scope="col">{t('builder.condition.field')}</th>
          {columns.map((right) => (
            <th key={right} scope="col">
              <button
                type="button"
                className="b-link"
                disabled={disabled}
                title={t('builder.rights.all', { right: t(`builder.right.${right}`) })}
                onClick={() => onChange({ [REST]: right })}
              >
                {t(`builder.right.${right}`)}
              </button>
            </th>
          ))}
          <th aria-hidden />
        </tr>
      </thead>
      <tbody>
        <Row
          {...row}
          name={`${id}-rest`}
          title={t('builder.rights.rest')}
          right={rest}
          given={REST in rights}
          choose={(right) => set(REST, right)}
          reset={() => set(REST, undefined)}
          strong
        />
        {fields.map((field) => (
          <Row
            {...row}
            key={field.key}
            name={`${id}-${field.key}`}
            title={field.title}
            given={field.key in rights}
            only={field.computed}
            right={shownRight(rights[field.key] ?? rest, field.computed)}
            choose={(right) => set(field.key, right)}
            reset={() => set(field.key, undefined)}
          />
        ))}
      </tbody>
    </table>
  );
}

function types(right: Right): boolean {
  return right === 'write' || right === 'required';
}

export function shownRight(right: Right, computed: boolean): Right {
  return computed && types(right) ? 'read' : right;
}

interface RowProps {
  name: string;
  title: string;
  columns: readonly Right[];
  right: Right;
  /** Said for this row, not taken over from the rest. */
  given: boolean;
  choose(right: Right): void;
  reset(): void;
  disabled: boolean;
  strong?: boolean;
  only?: boolean;
}

function Row({ name, title, columns, right, given, choose, reset, disabled, strong, only }: RowProps) {
  return (
    <tr data-given={given} data-rest={strong}>
      <th scope="row" title={title}>
        {title}
      </th>
      {columns.map((one) => (
        <td key={one}>
          <input
            type="radio"
            name={name}
            checked={right === one}
            disabled={disabled || (only && types(one))}
            aria-label={`${title}: ${t(`builder.right.${one}`)}`}
            onChange={() => choose(one)}
          />
        </td>
      ))}
      <td>
        {given && !disabled && (
          <button
            type="button"
            className="b-reset"
            aria-label={t('builder.rights.reset', { name: title })}
            title={t('builder.rights.reset', { name: title })}
            onClick={reset}
          >
            <RotateCcw size={12} aria-hidden />
          </button>
        )}
      </td>
    </tr>
  );
}
