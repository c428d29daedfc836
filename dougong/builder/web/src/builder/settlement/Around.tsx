/** Around the tables of a settlement: which of them is open, and what is being dragged. */
import { createContext, useContext, useEffect, useMemo, useState, type PropsWithChildren } from 'react';

import { informed } from '../../core/fields';
import { useDocument, useDraft, useLibrary, useOpen } from '../context';
import { DragLayer } from '../drag/DragLayer';
import { WithFields } from '../fields';
import { findPlace, tabOf, type Tab } from './tabs';
import type { Settlement } from './types';

type Opened = [Tab, (tab: Tab) => void];

const TabContext = createContext<Opened>(['inputs', () => undefined]);

export function useTab(): Opened {
  return useContext(TabContext);
}

export function Around({ children }: PropsWithChildren) {
  const first = useDraft((draft: Settlement) => (draft.line?.rules.length ? 'line' : draft.statement?.rules.length ? 'statement' : 'inputs'));
  const [tab, setTab] = useState<Tab>(first);
  const store = useDocument<Settlement>();
  const inputs = useDraft((draft: Settlement) => draft.inputs);
  const library = useLibrary((found) => found);
  const fields = useMemo(() => inputs.map((input) => informed(input, library)), [inputs, library]);
  const look = useOpen((open) => open.look);
  useEffect(() => {
    if (!look) return;
    const found = look.place.uid ? findPlace(store.getState().draft, look.place) : null;
    setTab(found?.tab ?? tabOf(look.path));
    if (found) store.verbs.select([found.place]);
  }, [look, store]);
  return (
    <TabContext.Provider value={[tab, setTab]}>
      <WithFields value={fields}>{children}</WithFields>
      <DragLayer />
    </TabContext.Provider>
  );
}
