/** Beside the canvas: zoom, all in view, order the cards. */
import { Panel, useReactFlow, useStore, useStoreApi } from '@xyflow/react';
import { Maximize, Minus, Plus, Workflow } from 'lucide-react';
import { useState } from 'react';

import { t } from '../../core/i18n';
import type { WorkflowDoc } from '../../core/types';
import { useDocument, useOpen } from '../context';
import { Tip } from '../parts/Tip';
import { placed } from './edits';
import { arranged } from './layout';
import { moving, show } from './view';

export function Toolbar() {
  const store = useDocument<WorkflowDoc>();
  const readOnly = useOpen((open) => open.readOnly);
  const flow = useReactFlow();
  const size = useStoreApi();
  const { zoomIn, zoomOut, zoomTo, fitView } = flow;
  const zoom = useStore((state) => Math.round(state.transform[2] * 100));
  const [busy, setBusy] = useState(false);

  async function arrange(): Promise<void> {
    setBusy(true);
    try {
      const points = await arranged(store.getState().draft);
      store.verbs.change((doc) => placed(doc, points));
      requestAnimationFrame(() => show(flow, store.getState().draft, size.getState(), moving(150)));
    } finally {
      setBusy(false);
    }
  }

  return (
    <Panel position="bottom-left" className="b-tools">
      <Tool words={t('builder.zoom.out')} act={() => void zoomOut()}>
        <Minus size={16} aria-hidden />
      </Tool>
      <Tip words={t('builder.zoom.full')} side="top">
        <button className="button quiet small b-zoom" onClick={() => void zoomTo(1)}>
          {zoom}%
        </button>
      </Tip>
      <Tool words={t('builder.zoom.in')} act={() => void zoomIn()}>
        <Plus size={16} aria-hidden />
      </Tool>
      <Tool words={t('builder.zoom.fit')} act={() => void fitView({ padding: 0.12, maxZoom: 1 })}>
        <Maximize size={16} aria-hidden />
      </Tool>
      {!readOnly && (
        <button className="button quiet small" disabled={busy} onClick={() => void arrange()}>
          <Workflow size={16} aria-hidden />
          {t('builder.arrange')}
        </button>
      )}
    </Panel>
  );
}

function Tool({ words, act, children }: { words: string; act(): void; children: React.ReactNode }) {
  return (
    <Tip words={words} side="top">
      <button className="button quiet small icon-only" aria-label={words} onClick={act}>
        {children}
      </button>
    </Tip>
  );
}
