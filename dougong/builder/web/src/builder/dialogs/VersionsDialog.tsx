/** The draft and the versions of a document: what runs on each, how any two of them differ, and making one the draft again. */
import { useEffect, useState } from 'react';

import { ApiError } from '../../core/api';
import { LANGUAGES, pick, t, when } from '../../core/i18n';
import type { Doc, Opened, Version } from '../../core/types';
import { useDocument, useOpen, useSurroundings } from '../context';
import { Dialog } from '../parts/Dialog';
import { useRunning } from '../running';
import { Comparison } from './Comparison';

/** The draft among the versions. */
const DRAFT = 0;

export function VersionsDialog({ close }: { close: () => void }) {
  const { verbs, getState, saver } = useDocument();
  const { api, where } = useSurroundings();
  const versions = useOpen((open) => open.versions);
  const active = useOpen((open) => open.active);
  const draft = useOpen((open) => open.draft);
  const path = `/documents/${where.id}`;
  const [bodies, setBodies] = useState<Record<number, Doc>>({});
  const running = useRunning();
  const [pair, setPair] = useState<[number, number]>([active ?? DRAFT, DRAFT]);
  const [failure, setFailure] = useState('');
  const tried = (act: Promise<unknown>) =>
    void act.catch((error: unknown) => setFailure(error instanceof ApiError ? error.refusal.message : t('builder.save.offline')));

  useEffect(() => {
    for (const number of pair.filter((one) => one !== DRAFT && !bodies[one]))
      tried(api.get<{ body: Doc }>(`${path}/versions/${number}`).then(({ body }) => setBodies((known) => ({ ...known, [number]: body }))));
  }, [api, path, pair, bodies]);

  async function restore(number: number): Promise<void> {
    if (!(await verbs.saveNow())) return setFailure(t('builder.publish.unsaved'));
    await api.post(`${path}/restore`, { revision: saver?.revision, number });
    verbs.renew(await api.get<Opened<Doc>>(path));
    close();
  }

  async function copy(number: number): Promise<void> {
    if (!number && !(await verbs.saveNow())) return setFailure(t('builder.publish.unsaved'));
    const { title } = number ? (bodies[number] ?? getState().draft) : getState().draft;
    const named = Object.fromEntries(LANGUAGES.filter((tag) => title[tag]).map((tag) => [tag, t('builder.versions.copy_of', { title: pick(title, tag) }, tag).slice(0, 200)]));
    const { id } = await api.post<{ id: string }>(`${path}/copy`, { title: named, ...(number ? { number } : {}) });
    location.assign(`${where.base}/builder/${id}`);
  }

  const body = (number: number) => (number === DRAFT ? draft : bodies[number]);
  const [before, after] = pair.map(body);
  return (
    <Dialog title={t('builder.versions')} about={t('builder.versions.about')} onClose={close} wide>
      {failure && (
        <p className="b-said b-error" role="alert">
          {failure}
        </p>
      )}
      <div className="b-versions">
        <ol>
          <li data-viewed={pair.includes(DRAFT)}>
            <div className="b-row">
              <strong>{t('builder.versions.draft')}</strong>
              <span className="tag warn">{t('builder.standing.draft')}</span>
            </div>
            <Verbs copy={() => tried(copy(DRAFT))} />
          </li>
          {versions.map((version) => (
            <li key={version.number} data-viewed={pair.includes(version.number)}>
              <Head version={version} active={version.number === active} running={running[version.number] ?? 0} migration={where.migration} />
              <Verbs
                view={() => setPair([version.number, DRAFT])} copy={() => tried(copy(version.number))}
                restore={() => tried(restore(version.number))}
              />
            </li>
          ))}
          {!versions.length && <li className="muted">{t('builder.versions.none')}</li>}
        </ol>
        <div className="b-compared">
          <div className="b-row">
            <Choose label={t('builder.compare.before')} versions={versions} value={pair[0]} choose={(number) => setPair([number, pair[1]])} />
            <Choose label={t('builder.compare.after')} versions={versions} value={pair[1]} choose={(number) => setPair([pair[0], number])} />
            <span className="b-legend small">
              {(['added', 'removed', 'changed', 'moved'] as const).map((is) => (
                <span key={is} data-is={is}>
                  {t(`builder.compare.is.${is}`)}
                </span>
              ))}
            </span>
          </div>
          {before && after && <Comparison key={pair.join()} id={where.id} before={before} after={after} />}
        </div>
      </div>
    </Dialog>
  );
}

function Head({ version, active, running, migration }: { version: Version; active: boolean; running: number; migration: string | undefined }) {
  return (
    <>
      <div className="b-row">
        <strong>
          v{version.number} {version.name}
        </strong>
        <span className={active ? 'tag good' : 'tag'}>{t(active ? 'builder.versions.active' : 'builder.versions.past')}</span>
      </div>
      <p className="muted small">
        {when(version.published_at)} · {version.published_by}
      </p>
      {version.note && <p>{version.note}</p>}
      {running > 0 && (
        <p className="small">
          {t('builder.versions.running', { count: running })} {migration && !active && <a href={migration}>{t('builder.versions.migrate')}</a>}
        </p>
      )}
    </>
  );
}

interface VerbsProps {
  view?(): void;
  copy(): void;
  restore?(): void;
}

function Verbs({ view, copy, restore }: VerbsProps) {
  const { where } = useSurroundings();
  return (
    <div className="b-row">
      {view && (
        <button className="button small" onClick={view}>
          {t('builder.versions.view')}
        </button>
      )}
      {where.mayEdit && restore && (
        <button className="button small" onClick={restore}>
          {t('builder.versions.restore')}
        </button>
      )}
      {where.mayEdit && (
        <button className="button small" onClick={copy}>
          {t('builder.versions.copy')}
        </button>
      )}
    </div>
  );
}

function Choose({ label, versions, value, choose }: { label: string; versions: Version[]; value: number; choose(number: number): void }) {
  return (
    <label className="b-choose">
      <span className="muted small">{label}</span>
      <select className="input" value={value} onChange={(event) => choose(Number(event.target.value))}>
        <option value={DRAFT}>{t('builder.versions.draft')}</option>
        {versions.map(({ number, name }) => (
          <option key={number} value={number}>
            v{number} {name}
          </option>
        ))}
      </select>
    </label>
  );
}
