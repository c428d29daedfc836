/** Which field of the ticket each input of a decision table takes, and which takes each output. */
import { pick, t } from '../../../core/i18n';
import { documentOf, fieldType, type Library } from '../../../core/library';
import type { Field, TableDoc } from '../../../core/types';
import { useLibrary } from '../../context';
import type { WidgetProps } from '../../config/widget';
import { MappingRows, type Mapping } from './MappingRows';

/** As the server's checks have it (`runtime/nodes/_tables.py`, `decide_by_table.py`). */
const READS: Record<string, string[]> = { text: ['text', 'choice'], choice: ['choice', 'text'], date: ['date', 'datetime'] };
const WRITES: Record<string, string[]> = { text: ['text', 'choice'], choice: ['choice', 'text'], choices: ['choices', 'text'] };

export function useTable(key: unknown): TableDoc | undefined {
  return useLibrary((library) => documentOf<TableDoc>(library, 'table', key as string | undefined)?.draft);
}

function kindOf(library: Library, column: Field): string {
  return fieldType(library, column.type)?.kind ?? 'text';
}

interface InputsProps {
  table: TableDoc;
  value: unknown;
  onChange(value: Mapping): void;
  disabled: boolean;
}

export function TableInputs({ table, value, onChange, disabled }: InputsProps) {
  const library = useLibrary((found) => found);
  const rows = table.inputs.map((column) => {
    const kind = kindOf(library, column);
    return { key: column.key, title: pick(column.title) || column.key, kinds: READS[kind] ?? [kind], required: column.required ?? false };
  });
  return <MappingRows rows={rows} value={(value ?? {}) as Mapping} onChange={onChange} disabled={disabled} />;
}

export function TableInputsWidget({ value, onChange, all, disabled }: WidgetProps) {
  const table = useTable(all['table']);
  if (!table) return <p className="b-help">{t('builder.table.choose_first')}</p>;
  return <TableInputs table={table} value={value} onChange={onChange} disabled={disabled} />;
}

export function TableOutputsWidget({ value, onChange, all, disabled }: WidgetProps) {
  const table = useTable(all['table']);
  const library = useLibrary((found) => found);
  if (!table) return <p className="b-help">{t('builder.table.choose_first')}</p>;
  const rows = table.outputs.map((column) => {
    const kind = cameOut(table, kindOf(library, column));
    return { key: column.key, title: pick(column.title) || column.key, kinds: WRITES[kind] ?? [kind] };
  });
  return <MappingRows rows={rows} value={(value ?? {}) as Mapping} onChange={onChange} disabled={disabled} />;
}

/** Several texts are like several options, a count is a number. */
function cameOut(table: TableDoc, kind: string): string {
  if (table['policy'] === 'collect' && table['collect'] === 'count') return 'number';
  const lists = ['rule_order', 'output_order'].includes(String(table['policy'])) || (table['policy'] === 'collect' && (table['collect'] ?? 'list') === 'list');
  return lists ? 'choices' : kind;
}
