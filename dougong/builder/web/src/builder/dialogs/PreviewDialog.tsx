/** The document as people will see it: a page of the server, inside a dialog. What is unsaved is saved first. */
import { useEffect, useState } from 'react';

import { t } from '../../core/i18n';
import { useVerbs } from '../context';
import { Dialog } from '../parts/Dialog';

export function PreviewDialog({ address, close }: { address: string; close: () => void }) {
  const { saveNow } = useVerbs();
  const [ready, setReady] = useState<boolean>();
  useEffect(() => void saveNow().then(setReady), [saveNow]);
  return (
    <Dialog title={t('builder.preview')} about={ready === false ? t('builder.preview.unsaved') : undefined} onClose={close} wide>
      {ready !== undefined && <iframe className="b-preview" src={address} title={t('builder.preview')} />}
    </Dialog>
  );
}
