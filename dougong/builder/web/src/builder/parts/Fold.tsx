/** A part of an inspector that folds away: its title, and what is set in it while it is closed. It stays as one has left it last. */
import { ChevronRight, CircleAlert } from 'lucide-react';
import { useState, type ReactNode } from 'react';

import { t } from '../../core/i18n';

interface Props {
  title: string;
  /** In a few words; empty: as usual. */
  said: string;
  /** Is it open before anybody has opened or closed it? */
  atFirst: boolean;
  wrong: boolean;
  children: ReactNode;
}

const left = new Map<string, boolean>();

export function Fold({ title, said, atFirst, wrong, children }: Props) {
  const [open, setOpen] = useState(left.get(title) ?? (atFirst || wrong));
  const toggled = (now: boolean) => {
    if (now === open) return;
    left.set(title, now);
    setOpen(now);
  };
  return (
    <details className="b-fold" open={open} onToggle={(event) => toggled(event.currentTarget.open)}>
      <summary>
        <ChevronRight size={14} aria-hidden />
        <span className="b-fold-title">{title}</span>
        {wrong && <CircleAlert className="b-fold-wrong" size={14} aria-label={t('builder.fold.wrong')} />}
        {!open && <span className="b-fold-said">{said || t('builder.as_usual')}</span>}
      </summary>
      <div className="b-fold-inside">{children}</div>
    </details>
  );
}
