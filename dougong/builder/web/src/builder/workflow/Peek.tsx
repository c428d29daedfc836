/** The workflow that a step calls, drawn below the step to be looked at: nothing is changed there. It may call another in its turn. */
import { useStore } from '@xyflow/react';
import { ExternalLink, X } from 'lucide-react';
import { useEffect, useMemo, useRef } from 'react';

import { pick, t } from '../../core/i18n';
import { documentOf } from '../../core/library';
import { viewDocument } from '../../core/store';
import type { WorkflowDoc } from '../../core/types';
import { useLibrary, useSurroundings } from '../context';
import { Picture } from '../Picture';
import { CARD, nodeOf, pointOf } from './edits';
import { useBlocks } from './useBlocks';
import { focusDrawn } from './useCanvasKeys';

const SIZE = { width: 620, height: 320 };
const MARGIN = 12;

/** `doc`: as it is drawn. */
export function Peek({ doc }: { doc: WorkflowDoc }) {
  const { peeked, peek } = useBlocks();
  const { where } = useSurroundings();
  const library = useLibrary((found) => found);
  const panel = useRef<HTMLElement>(null);
  const place = useBelow(pointOf(doc, peeked ?? ''));
  const step = nodeOf(doc, peeked ?? '');
  const called = documentOf<WorkflowDoc>(library, 'workflow', step?.config?.['workflow'] as string | undefined);
  const store = useMemo(() => called && viewDocument({ id: called.id, kind: 'workflow' }, called.draft), [called]);
  useEffect(() => panel.current?.focus({ preventScroll: true }), [peeked]);
  if (!step) return null;

  const close = () => {
    peek(null);
    focusDrawn(step.uid);
  };
  const pressed = (event: React.KeyboardEvent) => {
    event.stopPropagation();
    if (event.key === 'Escape') close();
  };
  const name = pick(called?.title) || pick(step.title);
  return (
    <section ref={panel} className="b-peek" role="dialog" aria-label={t('builder.peek.of', { name })} tabIndex={-1} style={place} onKeyDown={pressed}>
      <header>
        <strong>{name}</strong>
        {called && <span className="muted small">{t('builder.block.count', { count: called.draft.nodes.length })}</span>}
        {called && (
          <a className="button quiet small" href={`${where.base}/builder/${called.id}`} target="_blank" rel="noreferrer">
            <ExternalLink size={14} aria-hidden />
            {t('builder.peek.open')}
          </a>
        )}
        <button className="button quiet small icon-only" aria-label={t('builder.close')} onClick={close}>
          <X size={15} aria-hidden />
        </button>
      </header>
      {store ? (
        <Picture store={store} />
      ) : (
        <p className="muted">{t('builder.peek.gone')}</p>
      )}
    </section>
  );
}

/** Below the card, within the window. */
function useBelow({ x, y }: { x: number; y: number }): React.CSSProperties {
  const [left, top, zoom] = useStore((state) => state.transform);
  const wide = useStore((state) => state.width);
  const high = useStore((state) => state.height);
  const width = Math.min(SIZE.width, wide - 2 * MARGIN);
  const height = Math.min(SIZE.height, high - 2 * MARGIN);
  const within = (wish: number, room: number) => Math.max(MARGIN, Math.min(wish, room - MARGIN));
  return { width, height, left: within(x * zoom + left, wide - width), top: within((y + CARD.height + MARGIN) * zoom + top, high - height) };
}
