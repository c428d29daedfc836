/** Who stands behind the roles in a walk: by name, where several sign or one is to be told from another. */
import { useEffect, useState } from 'react';

import { t } from '../../core/i18n';
import type { WorkflowDoc } from '../../core/types';
import { useDraft, useLibrary } from '../context';
import { Chips } from '../parts/Chips';
import type { Told } from './useWalk';
import { namesIn, personName } from './walking';

export function WalkPeople({ told, go }: { told: Told; go(told: Told): void }) {
  const library = useLibrary((found) => found);
  const names = namesIn(useDraft((draft: WorkflowDoc) => draft.nodes));
  const [people, setPeople] = useState((told.people ?? {}) as Record<string, string[]>); // at once: the walk has them when they are answered
  useEffect(() => setPeople((told.people ?? {}) as Record<string, string[]>), [told]);
  const put = (name: string, persons: string[]) => {
    const { [name]: _, ...others } = people;
    const next = persons.length ? { ...others, [name]: persons } : others;
    const { people: __, ...rest } = told;
    setPeople(next);
    go(Object.keys(next).length ? { ...rest, people: next } : rest);
  };
  if (!names.length) return null;
  return (
    <details className="b-walk-people">
      <summary>{t('builder.walk.people')}</summary>
      {names.map((name) => (
        <div key={name} className="b-walk-value">
          <span>{personName(library, name)}</span>
          <Chips label={personName(library, name)} values={people[name] ?? []} onChange={(persons) => put(name, persons)} />
        </div>
      ))}
    </details>
  );
}
