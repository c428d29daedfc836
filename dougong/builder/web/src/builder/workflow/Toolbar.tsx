/** Beside the canvas: zoom, all in view, find, select an area, put in order, and the ways to see it. */
import { Panel, useReactFlow, useStore, useStoreApi } from '@xyflow/react';
import { BoxSelect, ClipboardPaste, FoldVertical, Maximize, Minus, Play, Plus, Search, Sparkles, Workflow } from 'lucide-react';
import { useState } from 'react';

import { t } from '../../core/i18n';
import type { WorkflowDoc } from '../../core/types';
import { useDocument, useOpen } from '../context';
import { useSelectionVerbs } from '../keys';
import { Switch } from '../parts/Switch';
import { Tip } from '../parts/Tip';
import { placed } from './edits';
import { arranged } from './layout';
import { carried } from './notes';
import { tidied } from './tidy';
import { useBlocks } from './useBlocks';
import { moving, show } from './view';
import { VIEWS, type View } from './views';

interface Props {
  view: View;
  see(view: View): void;
  /** The document as it is seen in the view. */
  seen: WorkflowDoc;
  boxing: boolean;
  box(boxing: boolean): void;
  find(): void;
  walking: boolean;
  walk(): void;
}

export function Toolbar({ view, see, seen, boxing, box, find, walking, walk }: Props) {
  const store = useDocument<WorkflowDoc>();
  const readOnly = useOpen((open) => open.readOnly);
  const { blocks, collapseAll, expandAll } = useBlocks();
  const { paste } = useSelectionVerbs();
  const flow = useReactFlow();
  const size = useStoreApi();
  const { zoomIn, zoomOut, zoomTo, fitView } = flow;
  const zoom = useStore((state) => Math.round(state.transform[2] * 100));
  const [busy, setBusy] = useState(false);

  async function arrange(): Promise<void> {
    setBusy(true);
    try {
      const points = await arranged(store.getState().draft);
      store.verbs.change((doc) => placed(doc, { ...points, ...carried(doc, points) }));
      requestAnimationFrame(() => show(flow, store.getState().draft, size.getState(), moving(150)));
    } finally {
      setBusy(false);
    }
  }

  const adopt = () => {
    store.verbs.change((doc) => placed(doc, seen.layout?.nodes ?? {}));
    see('free');
  };

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
      <Tool words={t('builder.find')} keys="Ctrl F" act={find}>
        <Search size={16} aria-hidden />
      </Tool>
      <Tool words={t('builder.box')} pressed={boxing} act={() => box(!boxing)}>
        <BoxSelect size={16} aria-hidden />
      </Tool>
      <Tool words={t('builder.block.all')} pressed={blocks.length > 0} act={() => (blocks.length ? expandAll() : void collapseAll())}>
        <FoldVertical size={16} aria-hidden />
      </Tool>
      {!readOnly && (
        <Tool words={t('builder.keys.paste')} keys="Ctrl V" act={() => void paste()}>
          <ClipboardPaste size={16} aria-hidden />
        </Tool>
      )}
      {!readOnly && view === 'free' && (
        <>
          <Tool words={t('builder.tidy.help')} label={t('builder.tidy')} act={() => store.verbs.change(tidied)}>
            <Sparkles size={16} aria-hidden />
          </Tool>
          <button className="button quiet small" disabled={busy} onClick={() => void arrange()}>
            <Workflow size={16} aria-hidden />
            {t('builder.arrange')}
          </button>
        </>
      )}
      {!readOnly && view !== 'free' && (
        <button className="button quiet small" onClick={adopt}>
          {t('builder.view.adopt')}
        </button>
      )}
      <button className="button quiet small" aria-pressed={walking} onClick={walk}>
        <Play size={16} aria-hidden />
        {t('builder.walk')}
      </button>
      <Switch label={t('builder.view')} value={view} choices={VIEWS.map((value) => ({ value, title: t(`builder.view.${value}`) }))} onChange={see} />
    </Panel>
  );
}

interface ToolProps {
  words: string;
  /** Its name, where the words say more. */
  label?: string;
  keys?: string;
  pressed?: boolean;
  act(): void;
  children: React.ReactNode;
}

function Tool({ words, label = words, keys, pressed, act, children }: ToolProps) {
  const said = keys ? (
    <>
      {words}
      <kbd>{keys}</kbd>
    </>
  ) : (
    words
  );
  return (
    <Tip words={said} side="top">
      <button className="button quiet small icon-only" aria-label={label} aria-pressed={pressed} onClick={act}>
        {children}
      </button>
    </Tip>
  );
}
