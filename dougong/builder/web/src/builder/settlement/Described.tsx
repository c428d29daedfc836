/** Settings of a settlement that the platform describes: drawn, kept and judged as those of a step are. */
import type { Config, Schema } from '../../core/types';
import { ConditionWidget } from '../config/ConditionWidget';
import { ObjectWidget } from '../config/ObjectWidget';
import { RowsWidget } from '../config/RowsWidget';
import { SchemaForm } from '../config/SchemaForm';
import type { Widgets } from '../config/widget';
import { useLibrary } from '../context';
import { CurrencyWidget, SumsWidget } from './CurrencyWidget';
import { MeasureBox } from './MeasureBox';

export const WIDGETS: Widgets = { object: ObjectWidget, rows: RowsWidget, condition: ConditionWidget, measure: MeasureBox, currency: CurrencyWidget, sums: SumsWidget };

interface Props {
  /** Of what they are: table, rule, charge, term, share, whole. */
  what: string;
  value: object;
  pointer: string;
  onChange(key: string, value: unknown): void;
  /** Only these; all where none are named. */
  only?: readonly string[];
  required?: readonly string[];
  without?: readonly string[];
}

export function Described({ what, value, pointer, onChange, only, required = [], without = [] }: Props) {
  const found = useLibrary((library) => library.vocabulary.settlement?.[what]);
  if (!found) return null;
  const properties = Object.entries(found.properties ?? {}).filter(([key]) => only?.includes(key) ?? true);
  const schema: Schema = { ...found, properties: Object.fromEntries(properties), required: [...required] };
  return <SchemaForm schema={schema} value={value as Config} pointer={pointer} without={without} widgets={WIDGETS} onChange={onChange} />;
}
