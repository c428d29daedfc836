/** Loads the document, what surrounds it and the editor of its kind, then shows the frame. */
import { useEffect, useState } from 'react';

import { ApiError, type Api } from '../core/api';
import { t } from '../core/i18n';
import { localKeep } from '../core/keep';
import { openLibrary } from '../core/library';
import { openRegions } from '../core/regions';
import { openDocument, type DocumentStore } from '../core/store';
import type { Doc, Opened } from '../core/types';
import { WithDocument, WithEditor, WithSurroundings, type Surroundings, type Where } from './context';
import type { Editor } from './editor';
import { EDITORS } from './editors';
import { Frame } from './Frame';
import { signInAddress } from './signIn';

interface Loaded {
  surroundings: Surroundings;
  store: DocumentStore;
  editor: Editor;
}

export function App({ where, api, opening }: { where: Where; api: Api; opening: Promise<Loaded> }) {
  const [loaded, setLoaded] = useState<Loaded>();
  const [failure, setFailure] = useState<unknown>();

  useEffect(() => void opening.then(setLoaded, setFailure), [opening]);
  useEffect(() => void loaded?.store.verbs.judge(), [loaded]);
  const again = () => {
    setFailure(undefined);
    load(where, api).then(setLoaded, setFailure);
  };

  if (failure) return <Failure failure={failure} where={where} again={again} />;
  if (!loaded) return <Skeleton />;
  return (
    <WithSurroundings value={loaded.surroundings}>
      <WithDocument store={loaded.store}>
        <WithEditor value={loaded.editor}>
          <Frame />
        </WithEditor>
      </WithDocument>
    </WithSurroundings>
  );
}

export async function load(where: Where, api: Api): Promise<Loaded> {
  const [opened, library, { editor }] = await Promise.all([api.get<Opened<Doc>>(`/documents/${where.id}`), openLibrary(api), EDITORS[where.kind]()]);
  const store = openDocument(opened, api, localKeep<Doc>(where.tenant, where.id), !where.mayEdit);
  return { surroundings: { where, api, library, regions: openRegions(api) }, store, editor };
}

function Skeleton() {
  return (
    <div className="b-skeleton" role="status" aria-label={t('builder.opening')}>
      <div />
      <div />
      <div />
      <div />
    </div>
  );
}

function Failure({ failure, where, again }: { failure: unknown; where: Where; again: () => void }) {
  const refused = failure instanceof ApiError ? failure : null;
  const signedOut = refused?.status === 401;
  return (
    <div className="b-failure card" role="alert">
      <h1>{t('builder.cannot_open')}</h1>
      <p>{signedOut ? t('builder.save.signed-out') : (refused?.refusal.message ?? t('builder.save.offline'))}</p>
      {refused?.refusal.advice && <p className="muted">{refused.refusal.advice}</p>}
      <div className="b-row">
        {signedOut ? (
          <a className="button primary" href={signInAddress()}>
            {t('builder.sign_in')}
          </a>
        ) : (
          <button className="button primary" onClick={again}>
            {t('builder.again')}
          </button>
        )}
        <a className="button" href={`${where.base}/builder/`}>
          {t('builder.back')}
        </a>
      </div>
    </div>
  );
}
