/** What somebody else's changes brought into the draft by themselves, said in a line; which, on asking. */
import { GitMerge } from 'lucide-react';

import { inWords } from '../core/differences';
import { t } from '../core/i18n';
import { useOpen, useVerbs } from './context';

const SHOWN = 12;

export function MergedNote() {
  const merged = useOpen((open) => open.merged);
  const { noted } = useVerbs();
  if (!merged) return <div role="status" />;
  return (
    <div className="b-merged" role="status">
      <details>
        <summary>
          <GitMerge size={16} aria-hidden />
          {t('builder.merged', { who: merged.who, count: merged.found.length })}
        </summary>
        <ul>
          {merged.found.slice(0, SHOWN).map((one, index) => (
            <li key={index}>{inWords(one)}</li>
          ))}
          {merged.found.length > SHOWN && <li className="muted">{t('builder.difference.more', { count: merged.found.length - SHOWN })}</li>}
        </ul>
      </details>
      <button className="button small quiet" onClick={noted}>
        {t('builder.merged.noted')}
      </button>
    </div>
  );
}
