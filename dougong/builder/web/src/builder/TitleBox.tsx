/** What the document is called, in every language; a click opens the inputs, which are loaded by then. */
import { Pencil } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';

import { pick, t } from '../core/i18n';
import type { Doc } from '../core/types';
import { useDraft, useOpen } from './context';

const TitlePopover = lazy(() => import('./TitlePopover').then((found) => ({ default: found.TitlePopover })));

export function TitleBox() {
  const kind = useOpen((open) => open.kind);
  const title = useDraft((draft: Doc) => draft.title);
  const [wanted, want] = useState(false);
  const words = (
    <>
      <span className="tag accent">{t(`builder.kind.${kind}`)}</span>
      <h1>{pick(title) || t('builder.untitled')}</h1>
      <Pencil size={13} aria-hidden />
    </>
  );
  const bare = (
    <button type="button" className="b-title" title={t('builder.rename')} aria-haspopup="dialog" onClick={() => want(true)}>
      {words}
    </button>
  );
  return wanted ? (
    <Suspense fallback={bare}>
      <TitlePopover>{words}</TitlePopover>
    </Suspense>
  ) : (
    bare
  );
}
