/** What the draft decides for some values, a moment after the last change; of answers that overtake each other the last counts. */
import { useEffect, useRef, useState } from 'react';

import { ApiError } from '../../core/api';
import { t } from '../../core/i18n';
import { missing } from '../../core/values';
import { useDraft, useOpen, useSurroundings } from '../context';
import type { Table } from './types';

const WAIT = 300;

export interface Answer {
  /** The draft has errors: nothing is decided. */
  problems: boolean;
  /** The uids of the rules that hit. */
  hits: string[];
  /** By the keys of the outputs. */
  values: Record<string, unknown>;
  /** What is wrong, by the key of an input; '' for the whole. */
  said: Record<string, string>;
}

export interface Tried {
  answer: Answer | null;
  busy: boolean;
  failure: string;
}

/** Nothing is asked as long as nothing is typed. */
export function useTried(values: Record<string, unknown>): Tried {
  const { api } = useSurroundings();
  const draft = useDraft((found: Table) => found);
  const readOnly = useOpen((open) => open.readOnly);
  const [state, setState] = useState<Tried>({ answer: null, busy: false, failure: '' });
  const asked = useRef(0);
  const wanted = !readOnly && Object.values(values).some((value) => !missing(value));
  useEffect(() => {
    const mine = (asked.current += 1);
    if (!wanted) {
      setState({ answer: null, busy: false, failure: '' });
      return;
    }
    const current = () => mine === asked.current;
    const known = Object.fromEntries(draft.inputs.map((input) => [input.key, values[input.key] ?? null]));
    const timer = setTimeout(() => {
      setState((now) => ({ ...now, busy: true }));
      api.post<Answer>('/decide', { draft, values: known }).then(
        (answer) => current() && setState({ answer, busy: false, failure: '' }),
        (error: unknown) => current() && setState((now) => ({ ...now, busy: false, failure: error instanceof ApiError ? error.refusal.message : t('builder.save.offline') })),
      );
    }, WAIT);
    return () => clearTimeout(timer);
  }, [api, draft, values, wanted]);
  return state;
}
