/** The builder's window: top bar, palette, canvas, inspector, problems; the same for every kind of document. */
import { useState } from 'react';

import { t } from '../core/i18n';
import { useEditor, useOpen, useSurroundings } from './context';
import { ConflictDialog } from './dialogs/ConflictDialog';
import { KeptDialog } from './dialogs/KeptDialog';
import { KeysDialog } from './dialogs/KeysDialog';
import { PreviewDialog } from './dialogs/PreviewDialog';
import { PublishDialog } from './dialogs/PublishDialog';
import { VersionsDialog } from './dialogs/VersionsDialog';
import { useKeys } from './keys';
import { Boundary } from './parts/Boundary';
import { ProblemsPanel } from './ProblemsPanel';
import { TopBar } from './TopBar';
import { useGuard } from './guard';

export type Opening = 'publish' | 'versions' | 'preview' | 'keys' | null;

export function Frame() {
  const editor = useEditor();
  const [opening, setOpening] = useState<Opening>(null);
  const [problemsShown, showProblems] = useState(false);
  const { where } = useSurroundings();
  const kept = useOpen((open) => open.kept);
  const conflict = useOpen((open) => (open.save.is === 'conflict' ? open.save : null));
  useKeys();
  useGuard();

  const { Palette, Canvas, Inspector, Around = Bare } = editor;
  const close = () => setOpening(null);
  const shape = `b-work${Palette ? ' b-has-palette' : ''}${Inspector ? ' b-has-inspector' : ''}`;
  return (
    <div className="b-frame">
      <TopBar open={setOpening} problemsShown={problemsShown} showProblems={showProblems} />
      <Around>
        <div className={shape}>
          {Palette && <aside className="b-palette" aria-label={t('builder.palette')}><Boundary><Palette /></Boundary></aside>}
          <main className="b-canvas" aria-label={t('builder.canvas')}>
            <Boundary><Canvas /></Boundary>
          </main>
          {Inspector && <aside className="b-inspector" aria-label={t('builder.inspector')}><Boundary><Inspector /></Boundary></aside>}
        </div>
      </Around>
      {problemsShown && <ProblemsPanel close={() => showProblems(false)} />}
      {opening === 'publish' && <PublishDialog close={close} />}
      {opening === 'versions' && <VersionsDialog close={close} />}
      {opening === 'preview' && editor.preview && <PreviewDialog address={editor.preview(where)} close={close} />}
      {opening === 'keys' && <KeysDialog close={close} />}
      {conflict && <ConflictDialog conflict={conflict} />}
      {kept && !conflict && <KeptDialog kept={kept} />}
    </div>
  );
}

function Bare({ children }: { children?: React.ReactNode }) {
  return children;
}
