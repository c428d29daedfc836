/** Everything the server finds wrong with the draft; a click leads to the place. */
import { CircleAlert, TriangleAlert, X } from 'lucide-react';
import { useMemo } from 'react';

import { namesIn } from '../core/differences';
import { t } from '../core/i18n';
import { placesOf } from '../core/pointer';
import type { Doc, Problem } from '../core/types';
import { useDocument, useDraft, useOpen } from './context';

export function ProblemsPanel({ close }: { close: () => void }) {
  const problems = useOpen((open) => open.problems);
  return (
    <section className="b-problems" aria-label={t('builder.problems')}>
      <header>
        <h2>{t('builder.problems')}</h2>
        <span className="muted">{problems.length || t('builder.problems.none')}</span>
        <div className="b-fill" />
        <button className="button quiet small icon-only" aria-label={t('builder.close')} onClick={close}>
          <X size={16} aria-hidden />
        </button>
      </header>
      <ProblemList problems={problems} />
    </section>
  );
}

export function ProblemList({ problems, went }: { problems: Problem[]; went?: () => void }) {
  const store = useDocument();
  const draft = useDraft((found: Doc) => found);
  const names = useMemo(() => namesIn(draft), [draft]);
  /** Where it is, if the message does not say so. */
  const place = (problem: Problem) => {
    const [at] = placesOf(draft, problem);
    const name = at && names.get(`${at.group}/${at.uid}`);
    return name && !problem.message.includes(name) ? <strong>{name}</strong> : null;
  };
  const go = (problem: Problem) => {
    const [place] = placesOf(store.getState().draft, problem);
    if (place) store.verbs.lookAt(place);
    else store.verbs.select([]);
    went?.();
  };
  return (
    <ul className="b-problem-list">
      {problems.map((problem, index) => (
        <li key={index}>
          <button className={`b-problem b-${problem.severity}`} onClick={() => go(problem)}>
            {problem.severity === 'error' ? (
              <CircleAlert size={16} aria-label={t('builder.error')} />
            ) : (
              <TriangleAlert size={16} aria-label={t('builder.warning')} />
            )}
            {place(problem)}
            <span>{problem.message}</span>
            {problem.advice && <span className="muted">{problem.advice}</span>}
          </button>
        </li>
      ))}
    </ul>
  );
}
