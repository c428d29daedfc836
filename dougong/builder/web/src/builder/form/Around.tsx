/** Around palette, canvas and inspector of a form: its fields, whether it is drawn or previewed, and what is being dragged. */
import { createContext, useContext, useEffect, useMemo, useState, type Dispatch, type PropsWithChildren, type SetStateAction } from 'react';

import { fieldsOfForm } from '../../core/fields';
import type { FormDoc } from '../../core/types';
import { useDocument, useDraft, useLibrary, useOpen } from '../context';
import { DragLayer } from '../drag/DragLayer';
import { WithFields } from '../fields';
import { owner } from './edits/tree';

export type View = 'draw' | 'preview';

const ViewContext = createContext<[View, Dispatch<SetStateAction<View>>]>(['draw', () => undefined]);

export function useView(): [View, Dispatch<SetStateAction<View>>] {
  return useContext(ViewContext);
}

export function Around({ children }: PropsWithChildren) {
  const view = useState<View>('draw');
  const draft = useDraft((found: FormDoc) => found);
  const library = useLibrary((found) => found);
  const fields = useMemo(() => fieldsOfForm(draft, library).filter((field) => field.kind !== 'none'), [draft, library]);
  useLook(() => view[1]('draw'));
  return (
    <ViewContext.Provider value={view}>
      <WithFields value={fields}>
        {children}
        <DragLayer />
      </WithFields>
    </ViewContext.Provider>
  );
}

/** A click on a problem: select the field or section that it lies in, and bring it into sight. */
function useLook(draw: () => void): void {
  const look = useOpen((open) => open.look);
  const store = useDocument<FormDoc>();
  useEffect(() => {
    const place = look && owner(store.getState().draft, look.place);
    if (!place) return;
    draw();
    store.verbs.select([place]);
    requestAnimationFrame(() => document.querySelector(`.b-canvas [data-card="${CSS.escape(place.uid)}"]`)?.scrollIntoView({ block: 'center' }));
    // only a click is followed, not what is drawn anew
  }, [look]);
}
