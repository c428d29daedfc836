/** A value that is tried: typed or chosen, as its kind has it. */
import { t } from '../../core/i18n';
import { DayBox, MomentBox } from './DayBox';
import { MultiPick } from './MultiPick';
import { NumberBox } from './NumberBox';
import { Pick, type Choice } from './Pick';
import { RegionPick } from './RegionPick';

interface Props {
  id: string;
  label: string;
  kind: string;
  choices: Choice[];
  value: unknown;
  onChange(value: unknown): void;
}

export function ValueBox({ id, label, kind, choices, value, onChange }: Props) {
  const text = value === undefined || value === null ? '' : String(value);
  switch (kind) {
    case 'number':
      return <NumberBox id={id} label={label} value={text || undefined} onChange={(next) => onChange(next)} />;
    case 'choice':
      return <Pick id={id} value={text || undefined} choices={choices} empty={t('builder.none')} onChange={(next) => onChange(next || undefined)} />;
    case 'choices':
      return <MultiPick label={label} values={Array.isArray(value) ? value : []} choices={choices} onChange={onChange} />;
    case 'boolean':
      return <Pick id={id} value={value === undefined ? undefined : text} choices={['true', 'false'].map((one) => ({ value: one, title: t(one === 'true' ? 'builder.form.yes' : 'builder.form.no') }))} empty={t('builder.none')} onChange={(next) => onChange(next === '' ? undefined : next === 'true')} />;
    case 'region':
      return <RegionPick label={label} values={text ? [text] : []} onChange={(values) => onChange(values.at(-1))} />;
    case 'date':
      return <DayBox id={id} label={label} value={text} onChange={onChange} />;
    case 'datetime':
      return <MomentBox id={id} label={label} value={text} onChange={onChange} />;
    default:
      return <input id={id} className="input" value={text} maxLength={2000} onChange={(event) => onChange(event.target.value || undefined)} />;
  }
}
