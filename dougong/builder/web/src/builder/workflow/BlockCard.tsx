/** The card of steps that are folded away: how many they are, what is wrong within, and the way to see them again. */
import { Handle, Position, type NodeProps } from '@xyflow/react';
import { UnfoldVertical } from 'lucide-react';
import { memo, useContext } from 'react';

import { pick, t } from '../../core/i18n';
import type { WorkflowDoc } from '../../core/types';
import { useDraft } from '../context';
import { Badge } from './Badge';
import type { Block } from './blocks';
import type { StepNode } from './flow';
import { useProblemsWithin } from './problems';
import { useBlocks } from './useBlocks';
import { FoundContext } from './useIsFound';

export const BlockCard = memo(function BlockCard({ data: { node }, selected }: NodeProps<StepNode>) {
  const inside = node.config?.['inside'] as Block;
  const { expand } = useBlocks();
  const problems = useProblemsWithin(inside);
  const found = useContext(FoundContext);
  const count = useDraft((draft: WorkflowDoc) => draft.nodes.filter((one) => inside.includes(one.uid)).length);
  return (
    <div className="b-step b-block" data-family="routing" data-selected={selected} data-found={inside.some((uid) => found.has(uid)) || undefined} onDoubleClick={() => expand(inside)}>
      <Handle type="target" position={Position.Left} aria-hidden />
      <span className="b-step-words">
        <strong>{pick(node.title)}</strong>
        <span>{t('builder.block.count', { count })}</span>
      </span>
      <button type="button" className="button quiet small icon-only nodrag nopan" aria-label={t('builder.block.expand')} title={t('builder.block.expand')} onClick={() => expand(inside)}>
        <UnfoldVertical size={16} aria-hidden />
      </button>
      <Badge problems={problems} />
      <Handle type="source" position={Position.Right} aria-hidden />
    </div>
  );
});
