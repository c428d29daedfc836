/** Before a field is deleted that others name: says which, and asks. */
import { createContext, useContext, useState, type PropsWithChildren } from 'react';

import { pick, t } from '../../core/i18n';
import type { FormDoc, Place } from '../../core/types';
import { useDocument, useSurroundings } from '../context';
import { Dialog } from '../parts/Dialog';
import { useRunning } from '../running';
import { removePlaces } from './edits/places';
import { usesElsewhere, usesWithin, type Use } from './edits/uses';

type Remove = (places: readonly Place[]) => void;

const RemoveContext = createContext<Remove>(() => undefined);

export function useDelete(): Remove {
  return useContext(RemoveContext);
}

interface Asked {
  places: readonly Place[];
  uses: { field: string; use: Use }[];
}

export function DeleteGuard({ children }: PropsWithChildren) {
  const store = useDocument<FormDoc>();
  const { library } = useSurroundings();
  const [asked, setAsked] = useState<Asked>();

  const remove = (places: readonly Place[]) => {
    setAsked(undefined);
    store.verbs.change((doc) => removePlaces(doc, places));
    store.verbs.select([]);
  };
  const ask = (places: readonly Place[]) => {
    const uses = usesOf(store.getState().draft, places, library.getState().documents);
    if (uses.length) setAsked({ places, uses });
    else remove(places);
  };
  const pressed = (event: React.KeyboardEvent) => {
    const { selection, readOnly } = store.getState();
    if (!['Delete', 'Backspace'].includes(event.key) || !selection.length || readOnly || (event.target as Element).matches('input, textarea')) return;
    event.preventDefault();
    ask(selection);
  };
  return (
    <RemoveContext.Provider value={ask}>
      <div onKeyDown={pressed}>{children}</div>
      {asked && (
        <Dialog
          title={t('builder.form.used.title')} about={t('builder.form.used.about')} onClose={() => setAsked(undefined)}
          buttons={
            <>
              <button className="button" onClick={() => setAsked(undefined)}>{t('builder.cancel')}</button>
              <button className="button danger" onClick={() => remove(asked.places)}>{t('builder.form.used.delete')}</button>
            </>
          }
        >
          <Impact />
          <ul className="bf-uses">
            {asked.uses.map(({ field, use }, index) => <li key={index}>{t(`builder.form.used.${use.is}`, { field, name: use.name })}</li>)}
          </ul>
        </Dialog>
      )}
    </RemoveContext.Provider>
  );
}

/** What becomes of the tickets that run. */
function Impact() {
  const count = Object.values(useRunning()).reduce((sum, one) => sum + one, 0);
  return count ? <p className="banner">{t('builder.uses.running', { count })}</p> : null;
}

function usesOf(doc: FormDoc, places: readonly Place[], others: Parameters<typeof usesElsewhere>[2]): Asked['uses'] {
  const going = places.map((place) => place.uid);
  const fields = doc.sections.flatMap((section) => (going.includes(section.uid) ? section.fields : section.fields.filter((field) => going.includes(field.uid))));
  const gone = [...going, ...fields.map((field) => field.uid)];
  return fields.flatMap((field) => {
    const uses = [...usesWithin(doc, field.key, gone), ...usesElsewhere(doc, field.key, others)];
    return uses.map((use) => ({ field: pick(field.title) || field.key, use }));
  });
}
