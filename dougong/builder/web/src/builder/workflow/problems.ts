/** The problems of each step and way, looked up once for each list of problems. */
import { placesOf } from '../../core/pointer';
import type { Problem, WorkflowDoc } from '../../core/types';
import { useOpen } from '../context';

const NONE: readonly Problem[] = [];
const indexes = new WeakMap<readonly Problem[], Map<string, Problem[]>>();

function indexOf(problems: readonly Problem[], draft: WorkflowDoc): Map<string, Problem[]> {
  const known = indexes.get(problems);
  if (known) return known;
  const found = new Map<string, Problem[]>();
  for (const problem of problems) {
    for (const { group, uid } of placesOf(draft, problem)) found.set(`${group}/${uid}`, [...(found.get(`${group}/${uid}`) ?? []), problem]);
  }
  indexes.set(problems, found);
  return found;
}

export function useProblems(group: 'nodes' | 'edges', uid: string): readonly Problem[] {
  return useOpen<readonly Problem[], WorkflowDoc>((open) => indexOf(open.problems, open.draft).get(`${group}/${uid}`) ?? NONE);
}
