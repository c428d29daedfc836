/** Work of an earlier visit that never reached the server: take it or drop it. */
import { t, when } from '../../core/i18n';
import { differences } from '../../core/differences';
import type { Kept } from '../../core/keep';
import type { Doc } from '../../core/types';
import { useOpen, useVerbs } from '../context';
import { Dialog } from '../parts/Dialog';
import { DifferenceList } from './DifferenceList';

export function KeptDialog({ kept }: { kept: Kept<Doc> }) {
  const draft = useOpen((open) => open.draft);
  const { takeKept, dropKept } = useVerbs();
  const buttons = (
    <>
      <button className="button" onClick={dropKept}>
        {t('builder.kept.drop')}
      </button>
      <button className="button primary" onClick={takeKept}>
        {t('builder.kept.take')}
      </button>
    </>
  );
  return (
    <Dialog title={t('builder.kept')} about={t('builder.kept.about', { when: when(new Date(kept.at).toISOString()) })} buttons={buttons}>
      <DifferenceList title={t('builder.kept.differs')} found={differences(draft, kept.draft)} />
    </Dialog>
  );
}
