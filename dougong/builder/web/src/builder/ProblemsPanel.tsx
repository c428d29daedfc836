/** Everything the server finds wrong with the draft; a click leads to the place. */
import { CircleAlert, CircleCheck, CircleHelp, Play, TriangleAlert, Wand, X } from 'lucide-react';
import { useMemo } from 'react';

import { groupName, namesIn } from '../core/differences';
import { t } from '../core/i18n';
import { elementsAt, placesOf } from '../core/pointer';
import type { Doc, Problem } from '../core/types';
import { useDocument, useDraft, useEditor, useOpen, useVerbs } from './context';

export function ProblemsPanel({ close }: { close: () => void }) {
  const problems = useOpen((open) => open.problems);
  const judged = useOpen((open) => open.judged);
  return (
    <section className="b-problems" aria-label={t('builder.problems')}>
      <header>
        <h2>{t('builder.problems')}</h2>
        <span className="muted">{problems.length || t(judged ? 'builder.problems.none' : 'builder.problems.unknown')}</span>
        {judged && <Verdict problems={problems} />}
        <div className="b-fill" />
        <button className="button quiet small icon-only" aria-label={t('builder.close')} onClick={close}>
          <X size={16} aria-hidden />
        </button>
      </header>
      <ProblemList problems={problems} />
    </section>
  );
}

/** Of a workflow: can every ticket come to its end? */
function Verdict({ problems }: { problems: readonly Problem[] }) {
  const isWorkflow = useOpen((open) => open.kind === 'workflow');
  if (!isWorkflow) return null;
  const isUnknown = problems.some((problem) => problem.code === 'check.not_explored');
  const isWrong = problems.some((problem) => problem.severity === 'error');
  const word = problems.some((problem) => problem.trace?.length) ? 'unsound' : isUnknown ? 'unknown' : isWrong ? 'open' : 'sound';
  const Sign = word === 'sound' ? CircleCheck : word === 'unsound' ? CircleAlert : CircleHelp;
  return (
    <span className="b-verdict" data-verdict={word}>
      <Sign size={16} aria-hidden />
      {t(`builder.verdict.${word}`)}
    </span>
  );
}

/** What can be done about a problem at once. */
function Remedies({ problem }: { problem: Problem }) {
  const { mended } = useEditor();
  const { change, play } = useVerbs();
  const readOnly = useOpen((open) => open.readOnly);
  const { fix, trace } = problem;
  return (
    <>
      {!!trace?.length && (
        <button className="button quiet small" onClick={() => play(problem)}>
          <Play size={14} aria-hidden />
          {t('builder.trace.show')}
        </button>
      )}
      {!!fix?.length && mended && !readOnly && (
        <button className="button small" onClick={() => change((draft) => mended(draft, fix))}>
          <Wand size={14} aria-hidden />
          {t('builder.fix')}
        </button>
      )}
    </>
  );
}

const NOWHERE = { group: '', uid: '' };

/** A row without a name is called by its number. */
function numbered(path: string): string {
  const [, group, index] = /^(?:\/line|\/statement)?\/(rules|terms)\/(\d+)/.exec(path) ?? [];
  return group ? `${groupName(group)} ${Number(index) + 1}` : '';
}

export function ProblemList({ problems, went }: { problems: Problem[]; went?: () => void }) {
  const store = useDocument();
  const draft = useDraft((found: Doc) => found);
  const names = useMemo(() => namesIn(draft), [draft]);
  /** Where it is, if the message does not say so: what has no name (a tier) is within something that has. */
  const place = (problem: Problem) => {
    const around = [...placesOf(draft, problem).slice(0, 1), ...elementsAt(draft, problem.path)];
    const name = around.map(({ group, uid }) => names.get(`${group}/${uid}`)).find(Boolean) || numbered(problem.path);
    return name && !problem.message.includes(name) ? <strong>{name}</strong> : null;
  };
  const go = (problem: Problem) => {
    const [place] = placesOf(store.getState().draft, problem);
    store.verbs.lookAt(place ?? NOWHERE, [], problem.path);
    went?.();
  };
  return (
    <ul className="b-problem-list">
      {problems.map((problem, index) => (
        <li key={index} className="b-problem-row">
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
          {!went && <Remedies problem={problem} />}
        </li>
      ))}
    </ul>
  );
}
