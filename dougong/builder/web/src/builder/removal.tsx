/** Deleting: what others name is deleted only after it has been said which. */
import { lazy, Suspense, useCallback } from 'react';
import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';

import { withMore } from '../core/i18n';
import type { Place } from '../core/types';
import { lostWith, type Use } from '../core/uses';
import { useDocument, useEditor, useSurroundings } from './context';
import { say } from './notices';

export interface Doubt {
  uses: Use[];
  /** Deletes all the same. */
  act(): void;
}

const RemovalDialog = lazy(() => withMore(import('./dialogs')).then((found) => ({ default: found.RemovalDialog })));
const doubts = createStore<{ doubt: Doubt | null }>(() => ({ doubt: null }));

/** Does at once what takes elements away, or after it has been said who names them. */
export function useTaking(): (places: readonly Place[], act: () => void) => void {
  const store = useDocument();
  const { library } = useSurroundings();
  return useCallback(
    (places, act) => {
      const uses = lostWith(store.getState().draft, places, library.getState().documents.map((one) => one.draft));
      if (uses.length) doubts.setState({ doubt: { uses, act } });
      else act();
    },
    [store, library],
  );
}

/** Without places: what is selected. */
export function useRemove(): (places?: readonly Place[]) => void {
  const store = useDocument();
  const editor = useEditor();
  const take = useTaking();
  return useCallback(
    (chosen) => {
      const { selection, readOnly } = store.getState();
      const places = chosen ?? selection;
      if (!editor.remove || !places.length || readOnly) return;
      const act = () => {
        const before = store.getState().draft;
        const after = editor.remove?.(before, places) ?? before;
        store.verbs.change(() => after);
        store.verbs.select(selection.filter((place) => !places.some(({ group, uid }) => group === place.group && uid === place.uid)));
        const words = editor.removalWords?.(before, after, places);
        if (words) say(words);
      };
      take(places, act);
    },
    [store, editor, take],
  );
}

export function Removal() {
  const { doubt } = useStore(doubts);
  if (!doubt) return null;
  return (
    <Suspense>
      <RemovalDialog doubt={doubt} close={() => doubts.setState({ doubt: null })} />
    </Suspense>
  );
}
