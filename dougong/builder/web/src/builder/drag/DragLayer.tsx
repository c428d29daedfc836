/** What is being dragged, beside the pointer, and the mark where it would fall. */
import { useStore } from 'zustand';

import { t } from '../../core/i18n';
import { held } from './held';
import { lifted } from './lift';
import './drag.css';

export function DragLayer() {
  const now = useStore(lifted, (found) => found.now);
  const said = useStore(held, (found) => found.said);
  return (
    <>
      {now?.mark && <div className={now.empty ? 'b-mark b-mark-zone' : 'b-mark'} style={{ left: now.mark.left, top: now.mark.top, width: now.mark.right - now.mark.left, height: now.mark.bottom - now.mark.top }} />}
      {now && (
        <div className={now.mark ? 'b-ghost' : 'b-ghost b-nowhere'} style={{ transform: `translate(${now.at.x + 14}px, ${now.at.y + 10}px)` }}>
          {now.label}
          {!now.mark && <span className="muted small">{t('builder.drag.nowhere')}</span>}
        </div>
      )}
      <div className="visually-hidden" role="status" aria-live="assertive">{said}</div>
    </>
  );
}
