/** What a rule compares with: a value in the manner of its field, or another field. */
import { withSource } from '../../core/conditions';
import type { FieldInfo } from '../../core/fields';
import { pick, t } from '../../core/i18n';
import { typed } from '../../core/typed';
import type { Option, OperatorType, Rule, Scalar } from '../../core/types';
import { fieldChoices, useFields } from '../fields';
import { Chips } from '../parts/Chips';
import { DayBox, MomentBox } from '../parts/DayBox';
import { MultiPick } from '../parts/MultiPick';
import { NumberBox } from '../parts/NumberBox';
import { Pick } from '../parts/Pick';
import { RegionPick } from '../parts/RegionPick';

interface Props {
  rule: Rule;
  field: FieldInfo;
  operator: OperatorType;
  onChange(rule: Rule): void;
  disabled?: boolean | undefined;
}

const POINTING = ['person', 'unit', 'record'];

export function RuleValue({ rule, field, operator, onChange, disabled }: Props) {
  const kind = operator.of ?? field.kind;
  const others = useFields().filter((one) => one.kind === kind && one.key !== field.key);
  const onlyFields = POINTING.includes(kind);
  const byField = operator.operand === 'one' && (onlyFields || rule.source === 'field');
  const mayChoose = operator.operand === 'one' && !onlyFields && (others.length > 0 || rule.source === 'field');
  const set = (value: Scalar | Scalar[] | undefined) =>
    onChange(value === undefined ? withSource(rule, 'value') : { ...withSource(rule, 'value'), value });
  return (
    <div className="b-rule-value">
      {byField ? (
        <Pick
          label={t('builder.condition.other_field')}
          value={rule.source === 'field' ? String(rule.value ?? '') || undefined : undefined}
          choices={fieldChoices(others)}
          disabled={disabled}
          onChange={(key) => onChange(withSource(rule, 'field', key))}
        />
      ) : (
        <Given rule={rule} field={operator.of ? { ...field, kind, config: {} } : field} operator={operator} set={set} disabled={disabled} />
      )}
      {mayChoose && (
        <button type="button" className="b-link small" disabled={disabled} onClick={() => onChange(withSource(rule, byField ? 'value' : 'field'))}>
          {t(byField ? 'builder.condition.with_value' : 'builder.condition.with_field')}
        </button>
      )}
    </div>
  );
}

interface GivenProps {
  rule: Rule;
  field: FieldInfo;
  operator: OperatorType;
  set(value: Scalar | Scalar[] | undefined): void;
  disabled?: boolean | undefined;
}

function Given({ rule, field, operator, set, disabled }: GivenProps) {
  const label = t('builder.condition.value');
  const many = (Array.isArray(rule.value) ? rule.value : []).map(String);
  const listed = Object.entries(operator.options ?? {}).map(([value, title]) => ({ value, title: pick(title) }));
  const choices = listed.length ? listed : ((field.config?.['options'] ?? []) as Option[]).map((one) => ({ value: one.key, title: pick(one.title) || one.key }));
  switch (operator.operand) {
    case 'many': {
      const shared = { label, values: many, disabled: disabled ?? false, onChange: (values: string[]) => set(values.length ? values : undefined) };
      if (field.kind === 'region') return <RegionPick {...shared} />;
      return choices.length ? <MultiPick {...shared} choices={choices} /> : <Chips {...shared} />;
    }
    case 'two':
      return (
        <div className="b-two">
          {[0, 1].map((index) => (
            <One
              key={index}
              field={field}
              value={many[index]}
              label={t(index ? 'builder.condition.to' : 'builder.condition.from')}
              disabled={disabled}
              onChange={(value) => set(index ? [many[0] ?? '', value ?? ''] : [value ?? '', many[1] ?? ''])}
            />
          ))}
        </div>
      );
    default: {
      const one = Array.isArray(rule.value) || rule.value === undefined || rule.value === null ? undefined : String(rule.value);
      if (choices.length) return <Pick label={label} value={one} choices={choices} onChange={set} disabled={disabled ?? false} />;
      return <One field={field} value={one} label={label} onChange={set} disabled={disabled} />;
    }
  }
}

interface OneProps {
  field: FieldInfo;
  value: string | undefined;
  label: string;
  onChange(value: string | undefined): void;
  disabled?: boolean | undefined;
}

function One({ field, value, label, onChange, disabled = false }: OneProps) {
  if (field.kind === 'number') return <NumberBox label={label} value={value} onChange={onChange} disabled={disabled} placeholder={label} />;
  if (field.kind === 'date') return <DayBox label={label} value={value ?? ''} onChange={onChange} disabled={disabled} />;
  if (field.kind === 'datetime') return <MomentBox label={label} value={value ?? ''} onChange={onChange} disabled={disabled} />;
  return <input className="input" aria-label={label} placeholder={label} maxLength={2000} value={value ?? ''} disabled={disabled} onChange={(event) => onChange(typed(event.target.value) || undefined)} />;
}
