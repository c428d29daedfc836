/** Settings drawn from a JSON Schema: one control a property, with its label, its help and what is wrong with it; in sections that fold. */
import { useId } from 'react';

import { pick, t } from '../../core/i18n';
import { concerns, matters, meant, opensAtFirst, ordered, sections } from '../../core/schemas';
import type { Config, Problem, Schema } from '../../core/types';
import { useOpen } from '../context';
import { Fold } from '../parts/Fold';
import { Setting } from '../parts/Setting';
import { plainWidget, type Widgets } from './widget';
import { WIDGETS } from './widgets';
import { setWords } from './words';

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

/** Only what matters beside what is set; and what is wrong, wherever it is. */
export function SchemaForm({ without = [], ...props }: Props) {
  const { schema, value, pointer } = props;
  const problems = useOpen((open) => open.problems);
  const base = useId();
  const wrong = (key: string, one: Schema) => problems.filter((problem) => concerns(problem, pointer, key, one));
  const shown = ordered(schema).filter(
    ([key, one]) => one['x-title'] && !without.includes(key) && (matters(schema, value, key) || wrong(key, one).length > 0),
  );
  return sections(shown).map((section) => {
    const controls = section.settings.map(([key, one]) => <Control key={key} {...props} name={key} id={`${base}-${key}`} problems={wrong(key, one)} />);
    const { title, settings } = section;
    if (!title) return controls;
    const isWrong = settings.some(([key, one]) => wrong(key, one).length > 0);
    return (
      <Fold key={settings[0]?.[0]} title={pick(title)} said={setWords(settings, value)} atFirst={opensAtFirst(section)} wrong={isWrong}>
        {controls}
      </Fold>
    );
  });
}

interface ControlProps extends Omit<Props, 'without'> {
  name: string;
  id: string;
  problems: Problem[];
}

function Control({ schema, value, pointer, onChange, widgets = {}, name: key, id, problems }: ControlProps) {
  const readOnly = useOpen((open) => open.readOnly);
  const property = schema.properties?.[key] ?? {};
  const name = property['x-widget'] ?? plainWidget(property);
  const Widget = widgets[name] ?? WIDGETS[name] ?? WIDGETS[plainWidget(property)];
  if (!Widget) return null;
  const label = pick(property['x-title']);
  const place = `${pointer}/${key}`;
  const usual = meant(schema, { ...value, [key]: undefined }, key);
  const help = pick(property['x-help']);
  const required = schema.required?.includes(key) || property['x-needed'] || false;
  const own = problems.filter((problem) => !(Widget.saysInner && problem.path.startsWith(`${place}/`)));
  const control = (
    <Widget
      id={id}
      label={label}
      schema={usual === undefined ? property : { ...property, default: String(usual) }}
      value={value[key]}
      all={value}
      pointer={place}
      disabled={readOnly}
      empty={t(required ? 'builder.choose' : 'builder.none')}
      onChange={(next) => onChange(key, next)}
      widgets={widgets}
    />
  );
  if (name === 'boolean')
    return (
      <Setting label="" help={help} problems={own}>
        {control}
      </Setting>
    );
  return (
    <Setting label={label} htmlFor={id} help={help} required={required} problems={own}>
      {control}
    </Setting>
  );
}
