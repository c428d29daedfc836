/** What can be done with all that is selected, for who has no keyboard: copy, duplicate, delete. */
import { ClipboardCopy, Copy, Trash2 } from 'lucide-react';

import { t } from '../../core/i18n';
import { useOpen } from '../context';
import { useSelectionVerbs } from '../keys';
import { FoldButton } from './FoldButton';

export function SelectionButtons({ className = '' }: { className?: string }) {
  const { copy, duplicate, remove } = useSelectionVerbs();
  const readOnly = useOpen((open) => open.readOnly);
  const hasBoxes = useOpen((open) => open.selection.some((place) => place.group !== 'edges'));
  if (readOnly) return null;
  return (
    <div className={`b-row ${className}`}>
      <FoldButton />
      {hasBoxes && (
        <>
          <button className="button small" onClick={() => void copy()}>
            <ClipboardCopy size={14} aria-hidden />
            {t('builder.keys.copy')}
          </button>
          <button className="button small" onClick={duplicate}>
            <Copy size={14} aria-hidden />
            {t('builder.keys.duplicate')}
          </button>
        </>
      )}
      <button className="button small danger" onClick={() => remove()}>
        <Trash2 size={14} aria-hidden />
        {t('builder.delete')}
      </button>
    </div>
  );
}
