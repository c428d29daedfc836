/** How far the draft is saved, in words; and what can be done where it is not. */
import { CircleCheck, CloudOff, CircleAlert, LoaderCircle, LogIn, Pencil } from 'lucide-react';
import type { ReactNode } from 'react';

import { t } from '../core/i18n';
import { useOpen, useVerbs } from './context';
import { signInAddress } from './signIn';

const ICONS: Record<string, ReactNode> = {
  saved: <CircleCheck size={15} aria-hidden />,
  waiting: <Pencil size={14} aria-hidden />,
  saving: <LoaderCircle size={15} className="b-turning" aria-hidden />,
  offline: <CloudOff size={15} aria-hidden />,
  'signed-out': <LogIn size={15} aria-hidden />,
};

export function SaveBadge() {
  const save = useOpen((open) => open.save);
  const { saveNow } = useVerbs();
  const calm = save.is === 'saved' || save.is === 'waiting' || save.is === 'saving';
  return (
    <div className={calm ? 'b-save' : 'b-save b-alarm'} role="status" data-save={save.is}>
      {ICONS[save.is] ?? <CircleAlert size={15} aria-hidden />}
      <span>{t(`builder.save.${save.is}`)}</span>
      {save.is === 'refused' && (
        <span>
          {save.refusal.message}
          {save.refusal.path && ` (${save.refusal.path})`}
        </span>
      )}
      {save.is === 'signed-out' && (
        <a href={signInAddress()} target="_blank" rel="noopener">
          {t('builder.sign_in')}
        </a>
      )}
      {(save.is === 'signed-out' || save.is === 'offline') && (
        <button className="b-link" onClick={() => void saveNow()}>
          {t('builder.again')}
        </button>
      )}
    </div>
  );
}
