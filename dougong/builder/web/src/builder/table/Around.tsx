/** Around the table and its bench: the values that are tried and what became of them, and what is being dragged. */
import { createContext, useContext, useEffect, useMemo, useState, type PropsWithChildren } from 'react';

import { elementAt } from '../../core/pointer';
import { useDocument, useOpen } from '../context';
import { DragLayer } from '../drag/DragLayer';
import { useTried, type Tried } from './useTried';
import type { Table } from './types';

type Values = Record<string, unknown>;

interface Bench {
  values: Values;
  set(key: string, value: unknown): void;
  tried: Tried;
}

const BenchContext = createContext<Bench | null>(null);

export function useBench(): Bench {
  const found = useContext(BenchContext);
  if (!found) throw new Error('used outside the table');
  return found;
}

export function Around({ children }: PropsWithChildren) {
  const [values, setValues] = useState<Values>({});
  const tried = useTried(values);
  const bench = useMemo(() => ({ values, set: (key: string, value: unknown) => setValues((now) => ({ ...now, [key]: value })), tried }), [values, tried]);
  useLook();
  return (
    <BenchContext.Provider value={bench}>
      {children}
      <DragLayer />
    </BenchContext.Provider>
  );
}

/** A click on a problem leads to its rule or column. */
function useLook(): void {
  const look = useOpen((open) => open.look);
  const store = useDocument<Table>();
  useEffect(() => {
    if (!look?.place.uid) return;
    const { draft } = store.getState();
    const named = draft.rules.some((rule) => rule.uid === look.place.uid) || [...draft.inputs, ...draft.outputs].some((one) => one.uid === look.place.uid);
    const place = named ? look.place : elementAt(draft, '/rules/0');
    if (place) store.verbs.select([place]);
  }, [look, store]);
}
