/** The card of a step: icon, name, one line of meaning; coloured by its family. One component draws every type. */
import { Handle, Position, type NodeProps } from '@xyflow/react';
import { ChevronDown, Plus, StickyNote } from 'lucide-react';
import { memo } from 'react';

import { pick, t } from '../../core/i18n';
import { lacks } from '../../core/schemas';
import type { WorkflowDoc } from '../../core/types';
import { usePlaces } from '../conditions/sentences';
import { useDraft, useLibrary } from '../context';
import { useFields } from '../fields';
import { useMark } from '../marks';
import { Icon } from '../parts/Icon';
import { Tip } from '../parts/Tip';
import { AddMenu } from './AddMenu';
import { Badge } from './Badge';
import { useIsFound } from './useIsFound';
import type { StepNode } from './flow';
import { meaning } from './meaning';
import { useProblems } from './problems';
import { useBlocks } from './useBlocks';

export const StepCard = memo(function StepCard({ id, data, selected }: NodeProps<StepNode>) {
  const { node, type, into, out } = data;
  const problems = useProblems('nodes', id);
  const isFound = useIsFound(id);
  const mark = useMark(id);
  const { peeked, peek } = useBlocks();
  return (
    <div className="b-step" data-family={type?.family ?? 'ends'} data-selected={selected} data-found={isFound || undefined} data-is={mark}>
      {type?.ways_in[1] !== 0 && <Handle type="target" position={Position.Left} aria-hidden />}
      <span className="b-step-icon">
        <Icon name={type?.icon ?? 'square'} size={18} />
      </span>
      <span className="b-step-words">
        <strong>{pick(node.title) || pick(type?.title)}</strong>
        {type ? <Meaning {...{ node, type, into, out }} /> : <span className="b-unset">{node.type}</span>}
      </span>
      <Badge problems={problems} />
      {typeof node.config?.['workflow'] === 'string' && (
        <button type="button" className="b-peek-button nodrag nopan" aria-label={t('builder.peek')} title={t('builder.peek')} aria-expanded={peeked === id} onClick={() => peek(peeked === id ? null : id)}>
          <ChevronDown size={14} aria-hidden />
        </button>
      )}
      {pick(node.remark) && <Remark words={pick(node.remark)} />}
      {type?.ways_out[1] !== 0 && <Handle type="source" position={Position.Right} aria-hidden />}
      {type?.ways_out[1] !== 0 && (
        <AddMenu after={id} className="b-add-after nodrag nopan" label={t('builder.add_after', { name: pick(node.title) })}>
          <Plus size={14} aria-hidden />
        </AddMenu>
      )}
    </div>
  );
});

/** For whoever draws: the words on hover and focus. */
function Remark({ words }: { words: string }) {
  return (
    <Tip words={<span className="b-remark-words">{words}</span>} side="top">
      <span className="b-remark" role="img" tabIndex={0} aria-label={words}>
        <StickyNote size={12} aria-hidden />
      </span>
    </Tip>
  );
}

function Meaning({
  node,
  type,
  into,
  out,
}: Required<Pick<StepNode['data'], 'node' | 'into' | 'out'>> & { type: NonNullable<StepNode['data']['type']> }) {
  const library = useLibrary((found) => found);
  const fields = useFields();
  const names = useDraft((draft: WorkflowDoc) => (NAMES_STEPS.test(JSON.stringify(node.config ?? {})) ? draft.nodes : NO_NODES));
  const region = usePlaces(node.config, fields);
  const words = meaning(node, type, { into, out }, { library, fields, nodes: names, region });
  const isUnset = Boolean(type.config.required?.length) || lacks(type.config, node.config ?? {});
  return words ? <span title={words}>{words}</span> : <span className={isUnset ? 'b-unset' : ''}>{isUnset ? t('builder.unset') : pick(type.title)}</span>;
}

const NAMES_STEPS = /"(handler|nodes|step)"/;
const NO_NODES: WorkflowDoc['nodes'] = [];
