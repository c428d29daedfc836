/** What a widget is: the control of one setting. Which one draws a setting says its schema: by `x-widget`, else by its type. */
import type { ComponentType } from 'react';

import type { Config, Schema } from '../../core/types';

export interface WidgetProps {
  /** Of the one input that the label is for. */
  id: string;
  label: string;
  schema: Schema;
  value: unknown;
  /** Undefined takes the setting away. */
  onChange(value: unknown): void;
  /** Where it stands in the document: a JSON pointer. */
  pointer: string;
  /** The settings beside it. */
  all: Config;
  disabled: boolean;
  /** The words for "nothing chosen": that it must be, or may be left so. */
  empty?: string | undefined;
  /** Those of the editor, for a widget that draws settings itself. */
  widgets?: Widgets;
}

/** `saysInner`: it tells itself what is wrong inside of it. */
export type Widget = ComponentType<WidgetProps> & { saysInner?: boolean };
export type Widgets = Readonly<Record<string, Widget>>;

/** The name of the widget for a schema without `x-widget`. */
export function plainWidget(schema: Schema): string {
  if (schema.enum) return 'choice';
  if (schema.$ref === 'dougong:common#/$defs/text') return 'text';
  if (schema.$ref === 'dougong:common#/$defs/decimal') return 'decimal';
  return typeof schema.type === 'string' ? schema.type : 'string';
}
