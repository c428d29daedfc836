/** What names the elements that are to be deleted, and what becomes of running tickets. */
import { pick, t } from '../../core/i18n';
import type { Doc } from '../../core/types';
import { useDraft } from '../context';
import { Dialog } from '../parts/Dialog';
import type { Doubt } from '../removal';
import { useRunning } from '../running';
import { Uses } from './Uses';

export function RemovalDialog({ doubt, close }: { doubt: Doubt; close: () => void }) {
  const draft = useDraft((found: Doc) => found);
  const running = Object.values(useRunning()).reduce((sum, count) => sum + count, 0);
  const docs = [...new Set(doubt.uses.map((use) => use.doc))];
  const title = (doc: Doc) => (doc.uid === draft.uid ? t('builder.uses.here') : `${t(`builder.kind.${doc.kind}`)} ${pick(doc.title)}`);
  const act = () => {
    close();
    doubt.act();
  };
  return (
    <Dialog
      title={t('builder.lost')} about={t('builder.lost.about')} onClose={close}
      buttons={
        <>
          <button className="button" onClick={close}>{t('builder.cancel')}</button>
          <button className="button danger" onClick={act}>{t('builder.lost.delete')}</button>
        </>
      }
    >
      {running > 0 && <p className="banner">{t('builder.uses.running', { count: running })}</p>}
      {docs.map((doc) => <Uses key={doc.uid} title={title(doc)} doc={doc} uses={doubt.uses.filter((use) => use.doc === doc)} />)}
    </Dialog>
  );
}
