/** A list of small settings, each drawn from the schema of its entries. */
import { Plus, Trash2 } from 'lucide-react';

import { t } from '../../core/i18n';
import { offered } from '../../core/schemas';
import type { Config, Schema } from '../../core/types';
import { newUid } from '../../core/uid';
import { SchemaForm } from './SchemaForm';
import type { WidgetProps } from './widget';

interface Props extends WidgetProps {
  /** The settings that an entry goes without. */
  without?: (row: Config) => readonly string[];
}

export function RowsWidget({ label, value, onChange, pointer, schema, all, disabled, widgets = {}, without = () => [] }: Props) {
  const rows = (Array.isArray(value) ? value : []) as Config[];
  const entry = (schema.items ?? {}) as Schema;
  const set = (index: number, key: string, next: unknown) => {
    const { [key]: _, ...rest } = rows[index] ?? {};
    onChange(rows.with(index, next === undefined ? rest : { ...rest, [key]: next }));
  };
  const remove = (index: number) => onChange(rows.length > 1 ? rows.toSpliced(index, 1) : undefined);
  return (
    <div className="b-stack">
      {rows.map((row, index) => {
        const name = `${label} ${index + 1}`;
        return (
          <div key={String(row['uid'] ?? index)} className="b-assignment" role="group" aria-label={name}>
            <div className="b-row">
              <strong className="small">{name}</strong>
              <div className="b-fill" />
              <button
                type="button"
                className="button quiet small icon-only"
                aria-label={t('builder.remove_one', { name })}
                disabled={disabled}
                onClick={() => remove(index)}
              >
                <Trash2 size={14} aria-hidden />
              </button>
            </div>
            <SchemaForm schema={offered(entry, row, all)} value={row} pointer={`${pointer}/${index}`} widgets={widgets} without={without(row)} onChange={(key, next) => set(index, key, next)} />
          </div>
        );
      })}
      <button
        type="button"
        className="button small b-start"
        disabled={disabled || rows.length >= (schema.maxItems ?? 50)}
        onClick={() => onChange([...rows, { uid: newUid() }])}
      >
        <Plus size={14} aria-hidden />
        {t('builder.rows.add')}
      </button>
    </div>
  );
}

RowsWidget.saysInner = true;
