/** Publish: a note, what is published with it, and, where it is refused, why. */
import { useEffect, useState } from 'react';

import { ApiError } from '../../core/api';
import { pick, t } from '../../core/i18n';
import { documentsOf } from '../../core/library';
import { hashOf } from '../../core/pointer';
import type { Doc, Head, Opened, Problem, WorkflowDoc } from '../../core/types';
import { useDocument, useOpen, useSurroundings } from '../context';
import { Dialog } from '../parts/Dialog';
import { ProblemList } from '../ProblemsPanel';

interface Refused {
  message: string;
  /** By document id. */
  problems: Record<string, Problem[]>;
}

export function PublishDialog({ close }: { close: () => void }) {
  const store = useDocument();
  const { api, where, library } = useSurroundings();
  const [name, setName] = useState('');
  const [note, setNote] = useState('');
  const [companions, setCompanions] = useState<Head[]>();
  const [left, setLeft] = useState<Set<string>>(new Set());
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<Refused>();
  const [done, setDone] = useState<number>();
  const active = useOpen((open) => open.active);
  const changed = useOpen((open) => open.changed);
  /** No ticket stays on a version of a settlement. */
  const suffix = store.getState().kind === 'settlement' ? '.settlement' : '';

  useEffect(() => {
    void store.verbs
      .saveNow()
      .then(() => api.get<Head[]>(`/documents/${where.id}/companions`))
      .then(setCompanions, () => setCompanions([]));
  }, [api, store, where.id]);

  async function publish(): Promise<void> {
    setBusy(true);
    setRefused(undefined);
    try {
      if (!(await store.verbs.saveNow())) return setRefused({ message: t('builder.publish.unsaved'), problems: {} });
      const chosen = (companions ?? []).filter((one) => !left.has(one.id)).map((one) => one.id);
      const revision = store.saver?.revision;
      const answer = await api.post<{ active: number }>(`/documents/${where.id}/publish`, { revision, name, note, companions: chosen });
      setDone(answer.active);
      store.verbs.renew(await api.get<Opened<Doc>>(`/documents/${where.id}`));
      await library.refresh();
    } catch (error) {
      const body = error instanceof ApiError ? error.body : {};
      const message = error instanceof ApiError ? error.refusal.message : t('builder.save.offline');
      setRefused({ message, problems: (body['problems'] ?? {}) as Record<string, Problem[]> });
    } finally {
      setBusy(false);
    }
  }

  /** A form that no workflow asks for: nobody can file a ticket with it yet. */
  function isLooseForm(): boolean {
    const { kind, draft } = store.getState();
    return kind === 'form' && !documentsOf<WorkflowDoc>(library.getState(), 'workflow').some((one) => one.draft.form === draft.key);
  }

  if (done !== undefined) {
    const buttons = (
      <button className="button primary" onClick={close}>
        {t('builder.close')}
      </button>
    );
    return (
      <Dialog title={t('builder.publish.done', { number: done })} about={t(`builder.publish.done.about${suffix}`)} onClose={close} buttons={buttons}>
        {store.getState().kind === 'workflow' && (
          <ul className="b-next">
            <li><a href={`${where.base}/settings/bindings`}>{t('builder.publish.next.people')}</a></li>
            {done > 1 && where.migration && <li><a href={where.migration}>{t('builder.publish.next.migrate')}</a></li>}
            <li><a href={`${where.base}/tickets/new`}>{t('builder.publish.next.file')}</a></li>
          </ul>
        )}
        {store.getState().kind === 'settlement' && <ul className="b-next"><li><a href={`${where.base}/settlement/`}>{t('builder.publish.next.lines')}</a></li></ul>}
        {isLooseForm() && (
          <ul className="b-next">
            <li><a href={`${where.base}/builder/?kind=workflow`}>{t('builder.publish.next.workflow')}</a></li>
          </ul>
        )}
      </Dialog>
    );
  }
  const buttons = (
    <>
      <button className="button" onClick={close}>
        {t('builder.cancel')}
      </button>
      <button className="button primary" disabled={busy || !companions} onClick={() => void publish()}>
        {t(busy ? 'builder.publish.busy' : 'builder.publish')}
      </button>
    </>
  );
  return (
    <Dialog title={t('builder.publish')} about={t(`builder.publish.about${suffix}`)} onClose={close} buttons={buttons}>
      <label className="b-label" htmlFor="b-version-name">
        {t('builder.publish.name')}
      </label>
      <input id="b-version-name" className="input" maxLength={100} placeholder={t('builder.publish.name.like')} value={name} onChange={(event) => setName(event.target.value)} />
      <label className="b-label" htmlFor="b-note">
        {t('builder.publish.note')}
      </label>
      <textarea id="b-note" className="input" rows={3} maxLength={2000} value={note} onChange={(event) => setNote(event.target.value)} />
      {Boolean(companions?.length) && (
        <fieldset className="b-companions">
          <legend className="b-label">{t('builder.publish.companions')}</legend>
          {companions?.map((one) => (
            <label key={one.id} className="b-check">
              <input type="checkbox" checked={!left.has(one.id)} onChange={() => setLeft(toggled(left, one.id))} />
              <span>{pick(one.title)}</span>
              <span className="tag">{t(`builder.kind.${one.kind}`)}</span>
            </label>
          ))}
        </fieldset>
      )}
      {active !== null && !changed && companions?.length === 0 && <p className="banner">{t('builder.publish.unchanged', { number: active })}</p>}
      {refused && <Refusal refused={refused} companions={companions ?? []} close={close} />}
    </Dialog>
  );
}

function Refusal({ refused, companions, close }: { refused: Refused; companions: Head[]; close: () => void }) {
  const { where } = useSurroundings();
  const { [where.id]: own, ...others } = refused.problems;
  return (
    <div className="b-refused" role="alert">
      <h3>{refused.message}</h3>
      {own && <ProblemList problems={own} went={close} />}
      {Object.entries(others).map(([id, problems]) => (
        <section key={id}>
          <a href={`${where.base}/builder/${id}`} target="_blank" rel="noopener">
            {pick(companions.find((one) => one.id === id)?.title) || id}
          </a>
          <ul>
            {problems.map((problem, index) => (
              <li key={index}>
                <a href={`${where.base}/builder/${id}${hashOf(problem)}`} target="_blank" rel="noopener">{problem.message}</a>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}

function toggled(set: Set<string>, one: string): Set<string> {
  const next = new Set(set);
  if (!next.delete(one)) next.add(one);
  return next;
}
