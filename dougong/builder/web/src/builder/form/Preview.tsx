/** The form as people will see it: drawn by the server, read anew after each save. */
import { useEffect, useRef, useState } from 'react';

import { t } from '../../core/i18n';
import { useOpen, useSurroundings, useVerbs } from '../context';

export type Width = 'desktop' | 'phone';

export function Preview({ width }: { width: Width }) {
  const { where } = useSurroundings();
  const { saveNow } = useVerbs();
  const save = useOpen((open) => open.save);
  const frame = useRef<HTMLIFrameElement>(null);
  const [ready, setReady] = useState(false);

  useEffect(() => void saveNow().finally(() => setReady(true)), [saveNow]);
  useEffect(() => {
    if (save.is === 'saved') frame.current?.contentWindow?.location.reload();
  }, [save]);
  const behind = save.is !== 'saved' && save.is !== 'waiting' && save.is !== 'saving';
  return (
    <div className="bf-preview" data-width={width}>
      {behind && <p className="b-said b-warning">{t('builder.preview.unsaved')}</p>}
      {ready && <iframe ref={frame} src={`${where.base}/builder/${where.id}/preview`} title={t('builder.preview')} />}
    </div>
  );
}
