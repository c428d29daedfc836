/** What can be done with the rows of a grid, above it. */
import { ArrowDownToLine, Copy, ListPlus, Trash2 } from 'lucide-react';
import type { ReactNode } from 'react';

import { t } from '../../core/i18n';

interface Props {
  addWords: string;
  add: (() => void) | null;
  full: boolean;
  more: ReactNode;
  rows: number;
  chosen: boolean;
  ranged: boolean;
  fill(): void;
  duplicate: (() => void) | null;
  remove: (() => void) | null;
}

export function GridTools({ addWords, add, full, more, rows, chosen, ranged, fill, duplicate, remove }: Props) {
  return (
    <div className="b-grid-tools">
      {add && <button type="button" className="button small" disabled={full} onClick={add}><ListPlus size={14} aria-hidden />{addWords}</button>}
      {more}
      <div className="b-fill" />
      {rows > 0 && (
        <>
          <Tool words={t('builder.grid.fill')} keys="Ctrl D" disabled={!ranged} act={fill}><ArrowDownToLine size={14} aria-hidden /></Tool>
          {duplicate && <Tool words={t('builder.grid.duplicate')} disabled={!chosen || full} act={duplicate}><Copy size={14} aria-hidden /></Tool>}
          {remove && <Tool words={t('builder.grid.remove')} disabled={!chosen} act={remove}><Trash2 size={14} aria-hidden /></Tool>}
        </>
      )}
    </div>
  );
}

interface ToolProps {
  words: string;
  keys?: string;
  disabled: boolean;
  act(): void;
  children: ReactNode;
}

function Tool({ words, keys, disabled, act, children }: ToolProps) {
  return <button type="button" className="button quiet small" title={keys ? `${words} (${keys})` : words} aria-label={words} disabled={disabled} onClick={act}>{children}<span className="b-wide-only">{words}</span></button>;
}
