/** Which fields a role reads when it looks at a ticket, whatever steps its people take part in. */
import { Plus, Trash2 } from 'lucide-react';

import { pick, t } from '../../core/i18n';
import { documentsOf } from '../../core/library';
import { problemsAt } from '../../core/pointer';
import type { Reader } from '../../core/types';
import { newUid } from '../../core/uid';
import { useLibrary, useOpen } from '../context';
import { fieldTitle, useFields } from '../fields';
import { Pick, type Choice } from '../parts/Pick';
import { Setting } from '../parts/Setting';
import { RightsTable } from './RightsTable';

const RIGHTS = ['hidden', 'read'] as const;
const PLATFORM = ['tenant_admin', 'designer', 'staff', 'finance', 'viewer'] as const;
const MOST = 30;

interface Props {
  value: readonly Reader[];
  onChange(value: Reader[] | undefined): void;
  disabled: boolean;
}

export function Readers({ value, onChange, disabled }: Props) {
  const choices = useRoles();
  const set = (next: Reader[]) => onChange(next.length ? next : undefined);
  const free = choices.filter((role) => !value.some((one) => one.who === role.value));
  const changed = (uid: string, more: Partial<Reader>) => set(value.map((one) => (one.uid === uid ? { ...one, ...more } : one)));
  return (
    <div className="b-stack">
      {value.map((one, index) => (
        <ReaderCard
          key={one.uid}
          reader={one}
          pointer={`/readers/${index}`}
          choices={choices.filter((role) => role.value === one.who || free.includes(role))}
          change={(more) => changed(one.uid, more)}
          remove={() => set(value.filter((other) => other.uid !== one.uid))}
          disabled={disabled}
        />
      ))}
      {!disabled && free[0] && value.length < MOST && (
        <button
          type="button"
          className="button small"
          onClick={() => free[0] && set([...value, { uid: newUid(), who: free[0].value, rights: {} }])}
        >
          <Plus size={14} aria-hidden />
          {t('builder.flow.readers.add')}
        </button>
      )}
    </div>
  );
}

function useRoles(): Choice[] {
  const library = useLibrary((found) => found);
  const own = documentsOf(library, 'role').map((one) => ({ value: `role:${one.key}`, title: pick(one.title) || one.key }));
  return [...own, ...PLATFORM.map((role) => ({ value: `platform:${role}`, title: t(`builder.platform_role.${role}`) }))];
}

interface CardProps {
  reader: Reader;
  pointer: string;
  choices: Choice[];
  change(more: Partial<Reader>): void;
  remove(): void;
  disabled: boolean;
}

function ReaderCard({ reader, pointer, choices, change, remove, disabled }: CardProps) {
  const fields = useFields();
  const problems = useOpen((open) => open.problems);
  const id = `b-reader-${reader.uid}`;
  const name = choices.find((one) => one.value === reader.who)?.title ?? reader.who;
  return (
    <section className="b-reader" aria-label={name}>
      <Setting label={t('builder.flow.readers.who')} htmlFor={`${id}-who`} problems={problemsAt(problems, pointer)}>
        <div className="b-row">
          <Pick id={`${id}-who`} value={reader.who} choices={choices} onChange={(who) => change({ who })} disabled={disabled} />
          {!disabled && (
            <button type="button" className="button quiet icon-only" aria-label={t('builder.flow.readers.remove', { name })} onClick={remove}>
              <Trash2 size={16} aria-hidden />
            </button>
          )}
        </div>
      </Setting>
      <RightsTable
        id={id}
        label={t('builder.flow.readers.rights', { name })}
        columns={RIGHTS}
        fields={fields.map((one) => ({ key: one.key, title: fieldTitle(one), computed: false }))}
        rights={reader.rights}
        usual="read"
        onChange={(rights) => change({ rights: (rights ?? {}) as Reader['rights'] })}
        disabled={disabled}
      />
    </section>
  );
}
