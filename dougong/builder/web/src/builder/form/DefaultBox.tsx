/** What stands in a field before anybody fills it, typed as the field is. */
import { pick, t } from '../../core/i18n';
import type { Field, FieldType, Option, Scalar } from '../../core/types';
import { DayBox, MomentBox } from '../parts/DayBox';
import { MultiPick } from '../parts/MultiPick';
import { NumberBox } from '../parts/NumberBox';
import { Pick } from '../parts/Pick';
import { RegionPick } from '../parts/RegionPick';

type Value = Scalar | Scalar[] | undefined;

interface Props {
  field: Field;
  type: FieldType;
  disabled: boolean;
  onChange(value: Value): void;
}

/** People, units and records are never named in a definition; computed fields fill themselves; files are brought. */
export function hasDefault(type: FieldType): boolean {
  return !type.computed && ['text', 'number', 'date', 'datetime', 'choice', 'choices', 'boolean', 'region'].includes(type.kind);
}

export function DefaultBox({ field, type, disabled, onChange }: Props) {
  const label = t('builder.form.default');
  const text = field.default === undefined || field.default === null || Array.isArray(field.default) ? '' : String(field.default);
  const options = ((field.config?.['options'] ?? []) as Option[]).map((one) => ({ value: one.key, title: pick(one.title) || one.key }));
  const set = (value: string | undefined) => onChange(value || undefined);
  switch (type.kind) {
    case 'choice':
      return <Pick label={label} value={text} choices={options} empty={t('builder.none')} onChange={set} disabled={disabled} />;
    case 'choices':
      return <MultiPick label={label} values={Array.isArray(field.default) ? field.default.map(String) : []} choices={options} onChange={(values) => onChange(values.length ? values : undefined)} disabled={disabled} />;
    case 'boolean':
      return <Pick label={label} value={text} choices={['true', 'false'].map((one) => ({ value: one, title: t(one === 'true' ? 'builder.form.yes' : 'builder.form.no') }))} empty={t('builder.none')} onChange={(one) => onChange(one ? one === 'true' : undefined)} disabled={disabled} />;
    case 'number':
      if (type.name === 'rating') return <NumberBox label={label} integer min={1} max={Number(field.config?.['max'] ?? 5)} value={text} onChange={(one) => onChange(one === undefined ? undefined : Number(one))} disabled={disabled} />;
      return <NumberBox label={label} value={text} onChange={set} disabled={disabled} />;
    case 'date':
      return <DefaultDay label={label} text={text} set={set} disabled={disabled} />;
    case 'datetime':
      return <MomentBox label={label} value={text} disabled={disabled} onChange={set} />;
    case 'region':
      return <RegionPick label={label} values={text ? [text] : []} onChange={(codes) => set(codes.at(-1))} disabled={disabled} />;
    default:
      if (type.name === 'textarea') return <textarea className="input" rows={3} aria-label={label} maxLength={2000} value={text} disabled={disabled} onChange={(event) => set(event.target.value)} />;
      return <input className="input" aria-label={label} maxLength={200} value={text} disabled={disabled} onChange={(event) => set(event.target.value)} />;
  }
}

function DefaultDay({ label, text, set, disabled }: { label: string; text: string; set(value: string): void; disabled: boolean }) {
  return (
    <div className="b-stack">
      <label className="b-check">
        <input type="checkbox" checked={text === 'today'} disabled={disabled} onChange={(event) => set(event.target.checked ? 'today' : '')} />
        {t('builder.form.default.today')}
      </label>
      {text !== 'today' && <DayBox label={label} value={text} disabled={disabled} onChange={(day) => set(day ?? '')} />}
    </div>
  );
}
