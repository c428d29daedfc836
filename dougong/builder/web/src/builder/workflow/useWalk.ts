/** A walk through the draft: what has been said, and what the server says of it. A line that cannot be is not said. */
import { useEffect, useRef, useState } from 'react';

import { ApiError, createApi } from '../../core/api';
import { t } from '../../core/i18n';
import type { Config, Story, StoryLine, WorkflowDoc } from '../../core/types';
import { useDraft, useSurroundings } from '../context';

/** What is said with what is done: to which step, to whom, why, what a message brings. `key` is what it goes by there. */
export type Ask = { key: string } & (
  | { kind: 'step'; among: string[] }
  | { kind: 'person'; among?: string[] }
  | { kind: 'persons'; among?: string[] }
  | { kind: 'yes' }
  | { kind: 'text'; needed: boolean }
  | { kind: 'content'; pairs: { from: string; field: string }[] }
  | { kind: 'chosen'; least: number; most: number }
);

export interface Offer {
  word: string;
  signal: string;
  /** It comes with what is filled in. */
  fills: boolean;
  /** What it says by itself. */
  brings: Config;
  asks: Ask[];
}

export interface Waiting {
  node: string;
  how: Config;
  /** What may be done with each field that is filled in here. */
  fields: Record<string, 'write' | 'required'>;
  /** The first is what is usual there. */
  offers: Offer[];
  /** Who may do it: one of them does. */
  who?: string[];
  /** Of an approval: when one has to say why. */
  opinion?: string;
}

export interface Walked {
  problems?: boolean;
  waiting: Waiting[];
  /** The steps where it stands, whatever it waits for. */
  standing?: string[];
  data?: Config;
  /** What may be done with the ticket as a whole. */
  ticket?: StoryLine[];
  status?: string;
  result?: string | null;
  /** By line: the way it has gone, and will go with what is known now. */
  ways?: Record<string, 'taken' | 'ahead' | 'possible'>;
  /** What is still to come: how many steps for people, and how long that usually takes. */
  prospect?: string;
  refused?: string;
  stopped?: string;
  /** The step that it stopped at. */
  failed?: string;
}

/** A story without its end. */
export type Told = Pick<Story, 'say' | 'records' | 'people' | 'clock'>;

export interface Walk {
  told: Told;
  answer: Walked | null;
  refused: string;
  /** Records that may be chosen: those of the stories, and those that were made up in this walk. */
  records: Records;
  make(id: string, data: Config): void;
  go(told: Told): void;
  add(line: StoryLine): void;
}

export type Records = Readonly<Record<string, Config>>;

export function useWalk(): Walk {
  const { api } = useSurroundings();
  const draft = useDraft((found: WorkflowDoc) => found);
  const past = usePast(draft.key);
  const [made, setMade] = useState<Records>({});
  const [state, setState] = useState<Pick<Walk, 'told' | 'answer' | 'refused'>>({ told: { say: [] }, answer: null, refused: '' });
  const asked = useRef(0);

  const go = (told: Told) => {
    const mine = (asked.current += 1);
    const taken = (change: Partial<typeof state>) => mine === asked.current && setState((now) => ({ ...now, ...change }));
    api.post<Walked>('/walk', { draft, story: told, ...(past ? { past } : {}) }).then(
      (answer) => taken(answer.refused ? { refused: answer.refused } : { told, answer, refused: '' }),
      (error: unknown) => taken({ refused: error instanceof ApiError ? error.refusal.message : t('builder.save.offline') }),
    );
  };
  const { told } = state;
  useEffect(() => {
    const timer = setTimeout(() => go(told), 300); // the draft is another: it goes the same way again, as far as that leads
    return () => clearTimeout(timer);
  }, [draft, past]);
  const records = Object.assign({}, ...(draft.stories ?? []).map((one) => one.records), made, told.records) as Records;
  const add = (line: StoryLine) => {
    const { records: _, ...rest } = told;
    const named = namedIn([...told.say, line], records);
    go({ ...rest, say: [...told.say, line], ...(Object.keys(named).length ? { records: named } : {}) });
  };
  return { ...state, records, make: (id, data) => setMade({ ...made, [id]: data }), go, add };
}

/** How long each step took, and how often each way was taken, as the tickets that were done tell it; null while nobody has. */
function usePast(key: string): unknown {
  const { base } = useSurroundings().where;
  const [past, setPast] = useState<unknown>(null);
  useEffect(() => {
    let current = true;
    createApi({ base }).get(`/figures/past?workflow=${encodeURIComponent(key)}`).then((found) => current && setPast(found), () => undefined); // it goes without
    return () => { current = false; };
  }, [base, key]);
  return past;
}

/** Of these records those that are chosen somewhere in what was said. */
export function namedIn(said: unknown, records: Records): Records {
  const found: Record<string, Config> = {};
  const look = (one: unknown): void => {
    if (typeof one === 'string' && Object.hasOwn(records, one)) found[one] = records[one]!;
    else if (one && typeof one === 'object') Object.values(one).forEach(look);
  };
  look(said);
  return found;
}
