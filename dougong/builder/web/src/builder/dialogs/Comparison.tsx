/** Two versions side by side in one picture: coloured where they differ, and beside it every setting, old and new. */
import { useMemo } from 'react';

import { compared } from '../../core/compare';
import { groupName, inWords, type Difference } from '../../core/differences';
import { t } from '../../core/i18n';
import { viewDocument } from '../../core/store';
import type { Doc } from '../../core/types';
import { Picture } from '../Picture';
import { useWording, type Wording } from './wording';

const SHOWN = 200;

export function Comparison({ id, before, after }: { id: string; before: Doc; after: Doc }) {
  const { both, found, marks } = useMemo(() => compared(before, after), [before, after]);
  const words = useWording(after, before);
  const store = useMemo(() => {
    const view = viewDocument({ id, kind: after.kind }, both);
    view.setState({ marks });
    return view;
  }, [id, after.kind, both, marks]);
  const shown = found.filter(({ group, what }) => group || what.some(({ path }) => !path.startsWith('layout')));
  return (
    <div className="b-comparison">
      <Picture store={store} />
      <section className="b-changes" tabIndex={0} aria-label={t('builder.compare.changes')}>
        <h3>{t('builder.compare.count', { count: shown.length })}</h3>
        <ol>
          {shown.slice(0, SHOWN).map((one, index) => (
            <li key={index} data-is={one.is}>
              <ChangeCard one={one} words={words} go={() => one.uid && store.verbs.lookAt({ group: one.group, uid: one.uid })} />
            </li>
          ))}
        </ol>
        {shown.length > SHOWN && <p className="muted">{t('builder.difference.more', { count: shown.length - SHOWN })}</p>}
      </section>
    </div>
  );
}

function ChangeCard({ one, words, go }: { one: Difference; words: Wording; go: () => void }) {
  if (one.is === 'reordered') return <p>{inWords(one)}</p>;
  return (
    <>
      <button className="b-change-head" onClick={go}>
        <span className="tag">{t(`builder.compare.is.${one.is}`)}</span>
        <strong>{one.group ? `${groupName(one.group)} ${one.name}` : t('builder.compare.document')}</strong>
      </button>
      {one.what.map(({ path, before, after }) => (
        <dl key={path}>
          <dt>{path ? words.part(one.id, path) : t('builder.conflict.is.place')}</dt>
          <dd>
            <del>{words.value(one.id, path, before)}</del>
            <ins>{words.value(one.id, path, after)}</ins>
          </dd>
        </dl>
      ))}
    </>
  );
}
