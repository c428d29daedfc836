/** Tells the server that this page is open, hears who else has the draft open, and takes in what they have saved. */
import { useEffect, useState } from 'react';

import { newUid } from '../core/uid';
import type { Doc, Opened } from '../core/types';
import { useDocument, useSurroundings } from './context';

export interface Other {
  page: string;
  name: string;
  /** The same person, in another tab. */
  self: boolean;
}

interface Heard {
  revision: number;
  others: Other[];
}

const EVERY = 15_000;

export function usePresence(): Other[] {
  const store = useDocument();
  const { api, where } = useSurroundings();
  const [others, setOthers] = useState<Other[]>([]);
  useEffect(() => {
    const path = `/documents/${where.id}`;
    const page = newUid();
    let timer: ReturnType<typeof setTimeout>;
    let over = false;

    async function tell(): Promise<void> {
      const heard = await api.post<Heard>(`${path}/presence`, { page });
      if (over) return;
      setOthers(heard.others);
      const { saver } = store;
      if (!saver || saver.unsaved || heard.revision <= saver.revision) return; // what is unsaved meets theirs when it is saved
      const opened = await api.get<Opened<Doc>>(path);
      if (over || saver.unsaved) return;
      store.verbs.meet(opened, opened.updated_by);
      void store.verbs.judge();
    }
    const again = () => {
      clearTimeout(timer);
      void tell()
        .catch(() => setOthers([])) // not reachable just now: the badge says so
        .finally(() => {
          if (!over) timer = setTimeout(again, EVERY);
        });
    };
    const leaving = () => void api.post(`${path}/presence`, { page, left: true }).catch(() => undefined);
    const seen = () => document.visibilityState === 'visible' && again();

    again();
    addEventListener('pagehide', leaving);
    document.addEventListener('visibilitychange', seen);
    return () => {
      over = true;
      clearTimeout(timer);
      removeEventListener('pagehide', leaving);
      document.removeEventListener('visibilitychange', seen);
      leaving();
    };
  }, [store, api, where.id]);
  return others;
}
