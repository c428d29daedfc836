/** A walk through the draft: what has been said, and what the server says of it. A line that cannot be is not said. */
import { useEffect, useRef, useState } from 'react';

import { ApiError } from '../../core/api';
import { t } from '../../core/i18n';
import type { Config, Story, StoryLine, WorkflowDoc } from '../../core/types';
import { useDraft, useSurroundings } from '../context';

export interface Offer {
  signal: string;
  /** It comes with what is filled in; else it brings something of its own. */
  fills: boolean;
  brings: Config;
}

export interface Waiting {
  node: string;
  how: Config;
  /** What may be done with each field that is filled in here. */
  fields: Record<string, 'write' | 'required'>;
  offers: Offer[];
}

export interface Walked {
  problems?: boolean;
  waiting: Waiting[];
  status?: string;
  result?: string | null;
  refused?: string;
  stopped?: string;
}

/** A story without its end. */
export type Told = Pick<Story, 'say' | 'records' | 'people'>;

export interface Walk {
  told: Told;
  answer: Walked | null;
  refused: string;
  go(told: Told): void;
  add(line: StoryLine): void;
}

export function useWalk(): Walk {
  const { api } = useSurroundings();
  const draft = useDraft((found: WorkflowDoc) => found);
  const [state, setState] = useState<Pick<Walk, 'told' | 'answer' | 'refused'>>({ told: { say: [] }, answer: null, refused: '' });
  const asked = useRef(0);

  const go = (told: Told) => {
    const mine = (asked.current += 1);
    const taken = (change: Partial<typeof state>) => mine === asked.current && setState((now) => ({ ...now, ...change }));
    api.post<Walked>('/walk', { draft, story: told }).then(
      (answer) => taken(answer.refused ? { refused: answer.refused } : { told, answer, refused: '' }),
      (error: unknown) => taken({ refused: error instanceof ApiError ? error.refusal.message : t('builder.save.offline') }),
    );
  };
  const { told } = state;
  useEffect(() => {
    const timer = setTimeout(() => go(told), 300); // the draft is another: it goes the same way again, as far as that leads
    return () => clearTimeout(timer);
  }, [draft]);
  return { ...state, go, add: (line) => go({ ...told, say: [...told.say, line] }) };
}
