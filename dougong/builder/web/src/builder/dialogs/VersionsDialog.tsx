/** The versions of a document: look at one, see how the draft differs from it, make it the draft again. */
import { useState } from 'react';

import { ApiError } from '../../core/api';
import { differences } from '../../core/differences';
import { t, when } from '../../core/i18n';
import { viewDocument, type DocumentStore } from '../../core/store';
import type { Doc, Opened } from '../../core/types';
import { useDocument, useEditor, useOpen, useSurroundings, WithDocument } from '../context';
import { Dialog } from '../parts/Dialog';
import { DifferenceList } from './DifferenceList';

interface Viewed {
  number: number;
  store: DocumentStore;
  body: Doc;
}

export function VersionsDialog({ close }: { close: () => void }) {
  const store = useDocument();
  const { api, where } = useSurroundings();
  const versions = useOpen((open) => open.versions);
  const active = useOpen((open) => open.active);
  const [viewed, setViewed] = useState<Viewed>();
  const [failure, setFailure] = useState('');

  async function view(number: number): Promise<void> {
    const { body } = await api.get<{ body: Doc }>(`/documents/${where.id}/versions/${number}`);
    setViewed({ number, body, store: viewDocument({ id: where.id, kind: store.getState().kind }, body) });
  }

  async function restore(number: number): Promise<void> {
    if (!(await store.verbs.saveNow())) return setFailure(t('builder.publish.unsaved'));
    await api.post(`/documents/${where.id}/restore`, { revision: store.saver?.revision, number });
    store.verbs.renew(await api.get<Opened<Doc>>(`/documents/${where.id}`));
    close();
  }

  const tried = (act: Promise<void>) =>
    void act.catch((error: unknown) => setFailure(error instanceof ApiError ? error.refusal.message : t('builder.save.offline')));
  return (
    <Dialog title={t('builder.versions')} about={t('builder.versions.about')} onClose={close} wide>
      {failure && (
        <p className="b-said b-error" role="alert">
          {failure}
        </p>
      )}
      <div className="b-versions">
        <ol>
          {!versions.length && <li className="muted">{t('builder.versions.none')}</li>}
          {versions.map((version) => (
            <li key={version.number} data-viewed={viewed?.number === version.number}>
              <div className="b-row">
                <strong>V{version.number}</strong>
                {version.number === active && <span className="tag good">{t('builder.versions.active')}</span>}
              </div>
              <p className="muted small">
                {when(version.published_at)} · {version.published_by}
              </p>
              {version.note && <p>{version.note}</p>}
              <div className="b-row">
                <button className="button small" onClick={() => tried(view(version.number))}>
                  {t('builder.versions.view')}
                </button>
                <button className="button small" onClick={() => tried(restore(version.number))}>
                  {t('builder.versions.restore')}
                </button>
              </div>
            </li>
          ))}
        </ol>
        {viewed ? <View key={viewed.number} viewed={viewed} /> : <p className="b-nothing muted">{t('builder.versions.choose')}</p>}
      </div>
    </Dialog>
  );
}

function View({ viewed }: { viewed: Viewed }) {
  const { Canvas, Inspector, Around = Bare } = useEditor();
  const draft = useOpen((open) => open.draft);
  return (
    <div className="b-version">
      <WithDocument store={viewed.store}>
        <Around>
          <div className="b-canvas">
            <Canvas />
          </div>
          {Inspector && (
            <fieldset className="b-inspector" disabled>
              <Inspector />
            </fieldset>
          )}
        </Around>
      </WithDocument>
      <DifferenceList title={t('builder.versions.differs', { number: viewed.number })} found={differences(viewed.body, draft)} />
    </div>
  );
}

function Bare({ children }: { children?: React.ReactNode }) {
  return children;
}
