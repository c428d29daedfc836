/** A mark on a step or way that something is wrong with it; the words on hover and focus. */
import { CircleAlert, TriangleAlert } from 'lucide-react';

import { listed } from '../../core/i18n';
import type { Problem } from '../../core/types';
import { Tip } from '../parts/Tip';

export function Badge({ problems }: { problems: readonly Problem[] }) {
  if (!problems.length) return null;
  const isError = problems.some((problem) => problem.severity === 'error');
  const Mark = isError ? CircleAlert : TriangleAlert;
  const words = problems.map((problem) => problem.message);
  return (
    <Tip
      words={
        <ul>
          {words.map((one, index) => (
            <li key={index}>{one}</li>
          ))}
        </ul>
      }
      side="top"
    >
      <span className={isError ? 'b-badge b-error' : 'b-badge b-warning'} role="img" tabIndex={0} aria-label={listed(words)}>
        <Mark size={14} aria-hidden />
        {problems.length > 1 && problems.length}
      </span>
    </Tip>
  );
}
