/** The problems of each step and way, looked up once for each list of problems. */
import { placesOf } from '../../core/pointer';
import type { Problem, WorkflowDoc } from '../../core/types';
import { useMemo } from 'react';

import { useDraft, useOpen } from '../context';

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

/** Of several steps and the ways out of them: how many, and what they are. */
export function useProblemsWithin(uids: readonly string[]): readonly Problem[] {
  const problems = useOpen((open) => open.problems);
  const draft = useDraft((found: WorkflowDoc) => found);
  return useMemo(() => {
    const index = indexOf(problems, draft);
    const ways = draft.edges.filter((edge) => uids.includes(edge.source) && uids.includes(edge.target));
    const places = [...uids.map((uid) => `nodes/${uid}`), ...ways.map((edge) => `edges/${edge.uid}`)];
    return [...new Set(places.flatMap((place) => index.get(place) ?? []))];
  }, [problems, draft, uids]);
}

export function useProblems(group: 'nodes' | 'edges', uid: string): readonly Problem[] {
  return useOpen<readonly Problem[], WorkflowDoc>((open) => indexOf(open.problems, open.draft).get(`${group}/${uid}`) ?? NONE);
}
