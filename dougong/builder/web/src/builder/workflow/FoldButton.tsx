/** Folds what is chosen into one card, or the branches behind a step; a card that is chosen is unfolded. */
import { FoldVertical, UnfoldVertical } from 'lucide-react';

import { t } from '../../core/i18n';
import type { WorkflowDoc } from '../../core/types';
import { useDraft, useOpen } from '../context';
import { blockOf } from './blocks';
import { useBlocks } from './useBlocks';

export function FoldButton() {
  const { blocks, collapse, collapseBranch, expand } = useBlocks();
  const selection = useOpen((open) => open.selection);
  const boxes = selection.filter((place) => place.group !== 'edges').map((place) => place.uid);
  const steps = selection.filter((place) => place.group === 'nodes').length;
  const [first = ''] = boxes;
  const ways = useDraft((draft: WorkflowDoc) => new Set(draft.edges.filter((edge) => edge.source === first).map((edge) => edge.target)).size);
  const block = blockOf(blocks, first);
  if (block && boxes.every((uid) => block.includes(uid))) return <Button act={() => expand(block)} words="builder.block.expand" icon={UnfoldVertical} />;
  if (steps > 1) return <Button act={() => collapse(boxes)} words="builder.block.collapse" icon={FoldVertical} />;
  if (steps === 1 && ways > 1) return <Button act={() => void collapseBranch(first)} words="builder.block.collapse_branch" icon={FoldVertical} />;
  return null;
}

function Button({ act, words, icon: Sign }: { act(): void; words: string; icon: typeof FoldVertical }) {
  return (
    <button className="button small" onClick={act}>
      <Sign size={14} aria-hidden />
      {t(words)}
    </button>
  );
}
