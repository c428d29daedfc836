/** A note on the canvas, as paper: its words, or that there are none yet. */
import type { NodeProps } from '@xyflow/react';
import { memo } from 'react';

import { pick, t } from '../../core/i18n';
import { useIsFound } from './useIsFound';
import type { NoteNode } from './flow';

export const NoteCard = memo(function NoteCard({ id, data, selected, height }: NodeProps<NoteNode>) {
  const isFound = useIsFound(id);
  const words = pick(data.note.text);
  return (
    <div className="b-note" data-selected={selected} data-found={isFound || undefined} style={{ height }}>
      {words || <span className="muted">{t('builder.note.empty')}</span>}
    </div>
  );
});
