/** One of a list, by a native select; what is chosen and no longer offered stays to be seen. */
import { t } from '../../core/i18n';

export interface Choice {
  value: string;
  title: string;
}

interface Props {
  id?: string;
  label?: string;
  value: string | undefined;
  choices: Choice[];
  onChange(value: string): void;
  /** The words for "nothing chosen"; without them something must be chosen. */
  empty?: string;
  disabled?: boolean;
}

export function Pick({ id, label, value, choices, onChange, empty, disabled }: Props) {
  const gone = value && !choices.some((one) => one.value === value);
  const mute = empty === undefined && !value;
  return (
    <select id={id} aria-label={label} className="input" value={value ?? ''} disabled={disabled} onChange={(event) => onChange(event.target.value)}>
      {mute && (
        <option value="" disabled>
          {t('builder.choose')}
        </option>
      )}
      {empty !== undefined && <option value="">{empty}</option>}
      {gone && <option value={value}>{t('builder.gone', { name: value })}</option>}
      {choices.map((one) => (
        <option key={one.value} value={one.value}>
          {one.title}
        </option>
      ))}
    </select>
  );
}
