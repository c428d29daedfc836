/** Settings drawn from a JSON Schema: one control a property, with its label, its help and what is wrong with it. */
import { useId } from 'react';

import { pick } from '../../core/i18n';
import { concerns, ordered } from '../../core/schemas';
import type { Config, Schema } from '../../core/types';
import { useOpen } from '../context';
import { Setting } from '../parts/Setting';
import { plainWidget, type Widgets } from './widget';
import { WIDGETS } from './widgets';

interface Props {
  schema: Schema;
  value: Config;
  /** Where the settings stand in the document: a JSON pointer. */
  pointer: string;
  onChange(key: string, value: unknown): void;
  /** Widgets that only one editor has. */
  widgets?: Widgets;
  /** Properties that are drawn elsewhere. */
  without?: readonly string[];
}

export function SchemaForm({ schema, value, pointer, onChange, widgets = {}, without = [] }: Props) {
  const problems = useOpen((open) => open.problems);
  const readOnly = useOpen((open) => open.readOnly);
  const base = useId();
  const properties = ordered(schema).filter(([key, one]) => one['x-title'] && !without.includes(key));
  return properties.map(([key, property]) => {
    const name = property['x-widget'] ?? plainWidget(property);
    const Widget = widgets[name] ?? WIDGETS[name] ?? WIDGETS[plainWidget(property)];
    if (!Widget) return null;
    const label = pick(property['x-title']);
    const place = `${pointer}/${key}`;
    const own = problems.filter(
      (problem) => concerns(problem, pointer, key, property) && !(Widget.saysInner && problem.path.startsWith(`${place}/`)),
    );
    const control = (
      <Widget
        id={`${base}-${key}`}
        label={label}
        schema={property}
        value={value[key]}
        all={value}
        pointer={place}
        disabled={readOnly}
        onChange={(next) => onChange(key, next)}
      />
    );
    if (name === 'boolean')
      return (
        <Setting key={key} label="" help={pick(property['x-help'])} problems={own}>
          {control}
        </Setting>
      );
    const required = schema.required?.includes(key) ?? false;
    return (
      <Setting key={key} label={label} htmlFor={`${base}-${key}`} help={pick(property['x-help'])} required={required} problems={own}>
        {control}
      </Setting>
    );
  });
}
