/** A workflow that was never published: what is still to be done until it is. */
import { CircleCheck, CircleDashed } from 'lucide-react';

import { t } from '../../core/i18n';
import type { WorkflowDoc } from '../../core/types';
import { useDraft, useOpen } from '../context';

/** A start and an end are there from the beginning. */
const BEGUN = 2;

export function FirstSteps() {
  const { form, nodes } = useDraft((draft: WorkflowDoc) => draft);
  const isNew = useOpen((open) => open.active === null && !open.readOnly);
  const isRight = useOpen((open) => !open.problems.some((problem) => problem.severity === 'error'));
  if (!isNew) return null;
  const drawn = nodes.length > BEGUN;
  const done = { form: Boolean(form), steps: drawn, right: drawn && isRight, publish: false };
  return (
    <section className="b-first" aria-label={t('builder.first')}>
      <h3>{t('builder.first')}</h3>
      <ol>
        {Object.entries(done).map(([step, isDone]) => (
          <li key={step} data-done={isDone}>
            {isDone ? <CircleCheck size={15} aria-label={t('builder.first.done')} /> : <CircleDashed size={15} aria-hidden />}
            <span>{t(`builder.first.${step}`)}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}
