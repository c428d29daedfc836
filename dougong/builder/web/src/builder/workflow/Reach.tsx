/** How does a ticket get here? What it has passed and what must hold, in words; while it is open the ways that lead here are lit. */
import { ChevronRight } from 'lucide-react';
import { useEffect, useState } from 'react';

import { pick, t } from '../../core/i18n';
import type { FlowNode } from '../../core/types';
import { useVerbs } from '../context';
import { useReached } from './useReached';

let leftOpen = false;

export function Reach({ node }: { node: FlowNode }) {
  const [open, setOpen] = useState(leftOpen);
  const toggled = (now: boolean) => setOpen((leftOpen = now));
  return (
    <details className="b-fold b-reach" open={open} onToggle={(event) => toggled(event.currentTarget.open)}>
      <summary>
        <ChevronRight size={14} aria-hidden />
        <span className="b-fold-title">{t('builder.reach')}</span>
      </summary>
      <div className="b-fold-inside">{open && <Told node={node.uid} />}</div>
    </details>
  );
}

function Told({ node }: { node: string }) {
  const found = useReached(node);
  const { light, lookAt } = useVerbs();
  useEffect(() => {
    if (found === null || typeof found === 'string') return;
    light({ ...Object.fromEntries(found.may.map((uid) => [uid, 'may'])), ...Object.fromEntries(found.must.map((uid) => [uid, 'must'])) });
    return () => light({});
  }, [found, light]);
  if (found === null) return <p className="b-help">…</p>;
  if (typeof found === 'string') return <p className="b-said b-error" role="alert">{found}</p>;
  const { passes, needs, must, may, sentence } = found;
  return (
    <div role="status">
      {passes.length + needs.length === 0 && <p>{sentence}</p>}
      {passes.length > 0 && (
        <p>
          {t('builder.reach.passes')}
          {passes.map((step) => (
            <button key={step.node} type="button" className="b-link" onClick={() => lookAt({ group: 'nodes', uid: step.node })}>
              {pick(step.title)}
            </button>
          ))}
        </p>
      )}
      {needs.length > 0 && <p>{t('builder.reach.needs')}</p>}
      <ul>
        {needs.map((need) => (
          <li key={need.message}>{need.message}</li>
        ))}
      </ul>
      {must.length + may.length > 0 && (
        <p className="b-help b-reach-key">
          <i className="b-lit-must" /> {t('builder.reach.must')} <i className="b-lit-may" /> {t('builder.reach.may')}
        </p>
      )}
    </div>
  );
}
