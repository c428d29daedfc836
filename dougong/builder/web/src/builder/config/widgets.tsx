/** The widgets that every editor has, by their `x-widget` or by the type of what they edit. */
import { pick, t } from '../../core/i18n';
import { typed } from '../../core/typed';
import type { Text } from '../../core/types';
import { fieldChoices, useFields } from '../fields';
import { DayBox } from '../parts/DayBox';
import { MultiPick } from '../parts/MultiPick';
import { NumberBox } from '../parts/NumberBox';
import { Pick } from '../parts/Pick';
import { TextBox } from '../parts/TextBox';
import { TimeBox } from '../parts/TimeBox';
import { DocumentWidget } from './DocumentWidget';
import { FormulaWidget } from './FormulaWidget';
import { TemplateWidget } from './TemplateWidget';
import { TextsWidget } from './TextsWidget';
import type { WidgetProps, Widgets } from './widget';

function TextWidget({ label, value, onChange, disabled, schema }: WidgetProps) {
  const rows = schema['x-widget'] === 'textarea' ? 3 : undefined;
  return <TextBox label={label} value={value as Text | undefined} onChange={onChange} optional disabled={disabled} {...(rows ? { rows } : {})} />;
}

function StringWidget({ id, value, onChange, disabled, schema }: WidgetProps) {
  return (
    <input
      id={id}
      className="input"
      value={String(value ?? '')}
      maxLength={schema.maxLength ?? 200}
      disabled={disabled}
      onChange={(event) => onChange(typed(event.target.value) || undefined)}
    />
  );
}

/** A text of several lines in no language of people. */
function JsonWidget({ id, value, onChange, disabled, schema }: WidgetProps) {
  return (
    <textarea
      id={id}
      className="input b-json"
      rows={5}
      spellCheck={false}
      value={String(value ?? '')}
      maxLength={schema.maxLength ?? 10000}
      disabled={disabled}
      onChange={(event) => onChange(typed(event.target.value) || undefined)}
    />
  );
}

function ChoiceWidget({ id, value, onChange, disabled, schema, empty }: WidgetProps) {
  const choices = (schema.enum ?? []).map((one) => ({ value: one, title: pick(schema['x-options']?.[one]) || one }));
  const usual = choices.find((one) => one.value === schema.default)?.title;
  return (
    <Pick
      id={id}
      value={value as string | undefined}
      choices={choices}
      empty={usual ? t('builder.as_usual.is', { value: usual }) : empty}
      onChange={(one) => onChange(one || undefined)}
      disabled={disabled}
    />
  );
}

function BooleanWidget({ id, label, value, onChange, disabled }: WidgetProps) {
  return (
    <label className="b-check" htmlFor={id}>
      <input id={id} type="checkbox" checked={value === true} disabled={disabled} onChange={(event) => onChange(event.target.checked || undefined)} />
      {label}
    </label>
  );
}

function IntegerWidget({ id, value, onChange, disabled, schema }: WidgetProps) {
  const change = (text: string | undefined) => onChange(text === undefined ? undefined : Number(text));
  return (
    <NumberBox id={id} value={value as number | undefined} onChange={change} integer min={schema.minimum} max={schema.maximum} disabled={disabled} />
  );
}

function DecimalWidget({ id, value, onChange, disabled }: WidgetProps) {
  return <NumberBox id={id} value={value as string | undefined} onChange={onChange} disabled={disabled} />;
}

/** One of the fields that may be named, of certain kinds where those are said. */
function fieldWidget(kind?: string) {
  return function FieldWidget({ id, value, onChange, disabled, empty, schema }: WidgetProps) {
    const kinds = kind ? [kind] : schema['x-kinds'];
    const fields = useFields().filter((field) => !kinds || kinds.includes(field.kind));
    return (
      <Pick
        id={id}
        value={value as string | undefined}
        choices={fieldChoices(fields)}
        empty={empty}
        onChange={(key) => onChange(key || undefined)}
        disabled={disabled}
      />
    );
  };
}

export const FieldWidget = fieldWidget();

function FieldsWidget({ label, value, onChange, disabled, schema }: WidgetProps) {
  const values = (Array.isArray(value) ? value : []) as string[];
  return <MultiPick label={label} values={values} choices={fieldChoices(useFields())} limit={schema.maxItems ?? 20} onChange={(keys) => onChange(keys.length ? keys : undefined)} disabled={disabled} />;
}

function DayWidget({ id, label, value, onChange, disabled }: WidgetProps) {
  return <DayBox id={id} label={label} value={String(value ?? '')} onChange={onChange} disabled={disabled} />;
}

function TimeWidget({ id, label, value, onChange, disabled }: WidgetProps) {
  return <TimeBox id={id} label={label} value={String(value ?? '')} onChange={onChange} onClear={() => onChange(undefined)} disabled={disabled} />;
}

export const WIDGETS: Widgets = {
  text: TextWidget,
  textarea: TextWidget,
  texts: TextsWidget,
  string: StringWidget,
  choice: ChoiceWidget,
  boolean: BooleanWidget,
  integer: IntegerWidget,
  decimal: DecimalWidget,
  field: FieldWidget,
  fields: FieldsWidget,
  day: DayWidget,
  time: TimeWidget,
  'choice-field': fieldWidget('choice'),
  'rows-field': fieldWidget('rows'),
  template: TemplateWidget,
  formula: FormulaWidget,
  form: (props) => <DocumentWidget {...props} kind="form" />,
  table: (props) => <DocumentWidget {...props} kind="table" />,
  settlement: (props) => <DocumentWidget {...props} kind="settlement" />,
  calendar: (props) => <DocumentWidget {...props} kind="calendar" empty={t('builder.calendar.default')} />,
  entity: (props) => <DocumentWidget {...props} kind="entity" />,
  workflow: (props) => <DocumentWidget {...props} kind="workflow" />,
  json: JsonWidget,
};
