/** How a ticket gets to a step of the draft, as the server finds it, a moment after the last change. */
import { useEffect, useState } from 'react';

import { ApiError } from '../../core/api';
import { t } from '../../core/i18n';
import type { Text, WorkflowDoc } from '../../core/types';
import { useDraft, useSurroundings } from '../context';

const WAIT = 300;

export interface Reached {
  sentence: string;
  passes: { node: string; title: Text }[];
  needs: { code: string; message: string }[];
  /** The ways that every ticket takes on its way there, and the others that lead there. */
  must: string[];
  may: string[];
}

/** Null: not answered yet. A failure is told in words. */
export function useReached(node: string): Reached | string | null {
  const { api } = useSurroundings();
  const draft = useDraft((found: WorkflowDoc) => found);
  const [answer, setAnswer] = useState<Reached | string | null>(null);
  useEffect(() => {
    let current = true;
    const timer = setTimeout(() => {
      api.post<Reached>('/reach', { draft, node }).then(
        (found) => current && setAnswer(found),
        (error: unknown) => current && setAnswer(error instanceof ApiError ? error.refusal.message : t('builder.save.offline')),
      );
    }, WAIT);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [api, draft, node]);
  return answer;
}
