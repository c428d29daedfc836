/** The builder's window: top bar, palette, canvas, inspector, problems; the same for every kind of document. */
import { Fragment, lazy, Suspense, useCallback, useEffect, useRef, useState } from 'react';

import { t, withMore } from '../core/i18n';
import { placeAt } from '../core/pointer';
import { useDocument, useEditor, useOpen, useSurroundings } from './context';
import { useKeys } from './keys';
import { MergedNote } from './MergedNote';
import { Boundary } from './parts/Boundary';
import { Notice } from './notices';
import { Removal } from './removal';
import { TopBar } from './TopBar';
import { useGuard } from './guard';

const ProblemsPanel = lazy(() => import('./ProblemsPanel').then((found) => ({ default: found.ProblemsPanel })));
const dialogs = () => withMore(import('./dialogs'));
const ConflictDialog = lazy(() => dialogs().then((found) => ({ default: found.ConflictDialog })));
const KeptDialog = lazy(() => dialogs().then((found) => ({ default: found.KeptDialog })));
const KeysDialog = lazy(() => dialogs().then((found) => ({ default: found.KeysDialog })));
const PreviewDialog = lazy(() => dialogs().then((found) => ({ default: found.PreviewDialog })));
const PublishDialog = lazy(() => dialogs().then((found) => ({ default: found.PublishDialog })));
const TextsDialog = lazy(() => dialogs().then((found) => ({ default: found.TextsDialog })));
const UsesDialog = lazy(() => dialogs().then((found) => ({ default: found.UsesDialog })));
const VersionsDialog = lazy(() => dialogs().then((found) => ({ default: found.VersionsDialog })));

export type Opening = 'publish' | 'versions' | 'preview' | 'keys' | 'texts' | 'uses' | null;

export function Frame() {
  const editor = useEditor();
  const [opening, setOpening] = useState<Opening>(location.hash === '#texts' ? 'texts' : null);
  const [problemsShown, showProblems] = useState(false);
  const { where } = useSurroundings();
  const kept = useOpen((open) => open.kept);
  const conflict = useOpen((open) => (open.save.is === 'conflict' ? open.save : null));
  useKeys(useCallback(() => setOpening('keys'), []));
  useGuard();
  const settings = useRef<HTMLElement>(null);
  const chosen = useOpen((open) => open.selection[0]);
  const store = useDocument();
  useEffect(() => {
    const place = placeAt(store.getState().draft, location.hash);
    if (place) store.verbs.lookAt(place);
  }, [store]);
  useEffect(() => void settings.current?.scrollTo(0, 0), [chosen]);

  const { Palette, Canvas, Inspector, Around = Fragment } = editor;
  const close = () => setOpening(null);
  const shape = `b-work${Palette ? ' b-has-palette' : ''}${Inspector ? ' b-has-inspector' : ''}`;
  return (
    <div className="b-frame">
      <TopBar open={setOpening} problemsShown={problemsShown} showProblems={showProblems} />
      <Around>
        <div className={shape}>
          {Palette && (
            <aside className="b-palette" aria-label={t('builder.palette')}>
              <Part>
                <Palette />
              </Part>
            </aside>
          )}
          <main className="b-canvas" aria-label={t('builder.canvas')}>
            <Part>
              <Canvas />
            </Part>
          </main>
          {Inspector && (
            <aside ref={settings} className="b-inspector" aria-label={t('builder.inspector')}>
              <Part>
                <Inspector />
              </Part>
            </aside>
          )}
        </div>
      </Around>
      <Notice />
      <MergedNote />
      <Removal />
      <Suspense>
        {problemsShown && <ProblemsPanel close={() => showProblems(false)} />}
        {opening === 'publish' && <PublishDialog close={close} />}
        {opening === 'texts' && <TextsDialog close={close} />}
        {opening === 'uses' && <UsesDialog close={close} />}
        {opening === 'versions' && <VersionsDialog close={close} />}
        {opening === 'preview' && editor.preview && <PreviewDialog address={editor.preview(where)} close={close} />}
        {opening === 'keys' && <KeysDialog close={close} />}
        {conflict && <ConflictDialog conflict={conflict} />}
        {kept && !conflict && <KeptDialog kept={kept} />}
      </Suspense>
    </div>
  );
}

/** May be loaded a little later, and may fail without taking the window with it. */
function Part({ children }: { children: React.ReactNode }) {
  return (
    <Boundary>
      <Suspense>{children}</Suspense>
    </Boundary>
  );
}
