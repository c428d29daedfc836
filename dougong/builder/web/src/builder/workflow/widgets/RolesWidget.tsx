/** Several roles. */
import { pick, t } from '../../../core/i18n';
import { documentsOf } from '../../../core/library';
import { useLibrary } from '../../context';
import type { WidgetProps } from '../../config/widget';
import { MultiPick } from '../../parts/MultiPick';
import { NewDocument } from '../../parts/NewDocument';

export function RolesWidget({ label, value, onChange, disabled, schema, all }: WidgetProps) {
  const library = useLibrary((found) => found);
  const roles = (Array.isArray(value) ? value : []) as string[];
  const choices = documentsOf(library, 'role').map((one) => ({ value: one.key, title: pick(one.title) || one.key }));
  const set = (keys: string[]) => onChange(keys.length ? keys : undefined);
  if (all['who'] === 'members' && !roles.length) return <p className="b-help">{t('builder.roles.everybody')}</p>;
  return (
    <div className="b-stack">
      <MultiPick
        label={label}
        values={roles}
        choices={choices}
        onChange={set}
        disabled={disabled}
        {...(schema.maxItems ? { limit: schema.maxItems } : {})}
      />
      {!disabled && <NewDocument kind="role" created={(key) => set([...roles, key])} />}
    </div>
  );
}
