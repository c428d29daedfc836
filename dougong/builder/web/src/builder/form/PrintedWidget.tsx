/** Which sections and fields are printed: a tick each; a section's tick is for all of its fields. */
import { pick, t } from '../../core/i18n';
import type { FormDoc, Section } from '../../core/types';
import type { WidgetProps } from '../config/widget';
import { useDraft } from '../context';
import { leftOut } from './edits/print';

export function PrintedWidget({ value, onChange, disabled }: WidgetProps) {
  const sections = useDraft((draft: FormDoc) => draft.sections);
  const without = Array.isArray(value) ? (value as string[]) : [];
  const set = (keys: string[], printed: boolean) => onChange(leftOut(sections, without, keys, printed));
  return (
    <ul className="bf-printed">
      {sections.filter(({ fields }) => fields.length).map((section, index) => {
        const keys = section.fields.map(({ key }) => key);
        const out = keys.filter((key) => without.includes(key)).length;
        return (
          <li key={section.uid}>
            <Tick label={named(section, index)} on={!out} some={out > 0 && out < keys.length} set={(on) => set(keys, on)} disabled={disabled} />
            <ul>
              {section.fields.map((field) => (
                <li key={field.uid}><Tick label={pick(field.title) || field.key} on={!without.includes(field.key)} set={(on) => set([field.key], on)} disabled={disabled} /></li>
              ))}
            </ul>
          </li>
        );
      })}
    </ul>
  );
}

function named(section: Section, index: number): string {
  return pick(section.title) || t('builder.form.print.section', { n: index + 1 });
}

interface TickProps {
  label: string;
  on: boolean;
  some?: boolean;
  set(on: boolean): void;
  disabled: boolean;
}

function Tick({ label, on, some = false, set, disabled }: TickProps) {
  const mark = (box: HTMLInputElement | null) => {
    if (box) box.indeterminate = some;
  };
  return (
    <label className="b-check">
      <input ref={mark} type="checkbox" checked={on} disabled={disabled} onChange={(event) => set(event.target.checked)} />
      {label}
    </label>
  );
}
