/** One setting of an inspector: its label, the control, help under it, and what the server says is wrong with it. */
import type { ReactNode } from 'react';

import { t } from '../../core/i18n';
import type { Problem } from '../../core/types';

interface Props {
  label: string;
  /** The id of the one input it labels; without it the control labels itself. */
  htmlFor?: string;
  help?: string;
  required?: boolean;
  problems?: Problem[];
  children: ReactNode;
}

export function Setting({ label, htmlFor, help, required, problems = [], children }: Props) {
  const star = required && (
    <span className="b-required" title={t('builder.required')}>
      *
    </span>
  );
  return (
    <div className={problems.length ? 'b-setting b-wrong' : 'b-setting'}>
      {htmlFor ? (
        <label className="b-label" htmlFor={htmlFor}>
          {label}
          {star}
        </label>
      ) : (
        <div className="b-label">
          {label}
          {star}
        </div>
      )}
      {children}
      {help && <p className="b-help">{help}</p>}
      <Said problems={problems} />
    </div>
  );
}

/** What the server says is wrong, and what to do. */
export function Said({ problems }: { problems: readonly Problem[] }) {
  return problems.map((problem) => (
    <p key={problem.code + problem.path} className={`b-said b-${problem.severity}`}>
      {problem.message}
      {problem.advice && <span> {problem.advice}</span>}
    </p>
  ));
}
