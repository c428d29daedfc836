/** Somebody else has saved meanwhile: who, what differs, and whose draft goes on. */
import { differences } from '../../core/differences';
import { t } from '../../core/i18n';
import type { SaveState } from '../../core/saver';
import type { Doc } from '../../core/types';
import { useDocument, useOpen } from '../context';
import { Dialog } from '../parts/Dialog';
import { DifferenceList } from './DifferenceList';

type Conflict = Extract<SaveState<Doc>, { is: 'conflict' }>;

export function ConflictDialog({ conflict }: { conflict: Conflict }) {
  const { saver, verbs } = useDocument();
  const mine = useOpen((open) => open.draft);
  const before = saver?.saved ?? mine;
  const buttons = (
    <>
      <button className="button" onClick={verbs.takeTheirs}>
        {t('builder.conflict.theirs')}
      </button>
      <button className="button primary" onClick={() => void verbs.keepMine()}>
        {t('builder.conflict.mine')}
      </button>
    </>
  );
  return (
    <Dialog title={t('builder.conflict', { who: conflict.who })} about={t('builder.conflict.about')} buttons={buttons}>
      <DifferenceList title={t('builder.conflict.they', { who: conflict.who })} found={differences(before, conflict.theirs.draft)} />
      <DifferenceList title={t('builder.conflict.you')} found={differences(before, mine)} />
    </Dialog>
  );
}
