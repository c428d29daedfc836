/** Ctrl-F: what is looked for is listed and lit on the canvas; Enter and the arrows go from one to the next, Escape goes back to work. */
import { Search, X } from 'lucide-react';
import { useEffect, useMemo, useRef, useState } from 'react';

import { pick, t } from '../../core/i18n';
import type { WorkflowDoc } from '../../core/types';
import { useDocument, useDraft, useLibrary } from '../context';
import { found } from './find';

interface Props {
  light(uids: ReadonlySet<string>): void;
  close(): void;
}

export function Find({ light, close }: Props) {
  const { verbs } = useDocument<WorkflowDoc>();
  const draft = useDraft((one: WorkflowDoc) => one);
  const types = useLibrary((library) => library.vocabulary.nodes);
  const [query, setQuery] = useState('');
  const [at, setAt] = useState(-1);
  const input = useRef<HTMLInputElement>(null);
  const hits = useMemo(() => found(draft, query, types), [draft, query, types]);
  useEffect(() => light(new Set(hits.map((hit) => hit.place.uid))), [hits, light]);
  useEffect(() => input.current?.focus(), []);

  const go = (to: number) => {
    const next = hits.length ? (to + hits.length) % hits.length : -1;
    setAt(next);
    if (hits[next]) verbs.lookAt(hits[next].place);
  };
  const keys: Record<string, () => void> = { Enter: () => go(at + 1), ArrowDown: () => go(at + 1), ArrowUp: () => go(at - 1), Escape: close };
  const pressed = (event: React.KeyboardEvent) => {
    const act = event.shiftKey && event.key === 'Enter' ? () => go(at - 1) : keys[event.key];
    if (!act || event.nativeEvent.isComposing) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  };
  return (
    <div className="b-seek nokey nopan nowheel" role="search" onKeyDown={pressed}>
      <div className="b-seek-box">
        <Search size={15} aria-hidden />
        <input
          ref={input}
          value={query}
          placeholder={t('builder.find.placeholder')}
          aria-label={t('builder.find')}
          maxLength={100}
          onChange={(event) => {
            setQuery(event.target.value);
            setAt(-1);
          }}
        />
        <span className="muted small" role="status">
          {query && t('builder.find.count', { at: at + 1, count: hits.length })}
        </span>
        <button className="button quiet small icon-only" aria-label={t('builder.close')} onClick={close}>
          <X size={15} aria-hidden />
        </button>
      </div>
      {hits.length > 0 && (
        <ul className="b-seek-hits">
          {hits.map((hit, index) => (
            <li key={hit.place.uid}>
              <button aria-current={index === at} onClick={() => go(index)}>
                <span>{pick(hit.title)}</span>
                <span className="muted small">{pick(hit.type?.title) || t(`builder.group.${hit.place.group}`)}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
