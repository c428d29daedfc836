/** The server's findings row by row. */
import { useMemo } from 'react';

import { elementAt } from '../../core/pointer';
import type { Problem } from '../../core/types';
import { useDocument, useOpen } from '../context';

/** How bad it is; undefined where nothing is wrong. */
export function worst(problems: readonly Problem[]): Problem['severity'] | undefined {
  return problems.find((one) => one.severity === 'error')?.severity ?? problems[0]?.severity;
}

/** By the uid of the row: what names it, or lies at it. */
export function useRowProblems(rows: readonly { uid: string }[]): Map<string, Problem[]> {
  const problems = useOpen((open) => open.problems);
  const store = useDocument();
  return useMemo(() => {
    const known = new Set(rows.map((row) => row.uid));
    const found = new Map<string, Problem[]>();
    for (const problem of problems) {
      const at = elementAt(store.getState().draft, problem.path);
      const uid = problem.fields.find((one) => known.has(one)) ?? (at && known.has(at.uid) ? at.uid : undefined);
      if (uid) found.set(uid, [...(found.get(uid) ?? []), problem]);
    }
    return found;
  }, [problems, rows, store]);
}
