/** A way between two steps: its line, and its label: the outcome it is for, a title, else its condition as a sentence, else 其他情况. */
import { BaseEdge, type EdgeProps } from '@xyflow/react';
import { Plus } from 'lucide-react';
import { memo } from 'react';

import { pick, t } from '../../core/i18n';
import { useOpen, useVerbs } from '../context';
import { useSentence } from '../conditions/sentences';
import { useMark } from '../marks';
import { AddMenu } from './AddMenu';
import { Badge } from './Badge';
import { CARD, snapped } from './edits';
import type { WayEdge } from './flow';
import { OnLabelLayer } from './labels';
import { useProblems } from './problems';
import { arrow, course } from './route';

const WIDEST = 200;
const NARROWEST = 56;

export const Way = memo(function Way({ id, data, selected, sourceX, sourceY, targetX, targetY }: EdgeProps<WayEdge>) {
  const ends = { sourceX, sourceY, targetX, targetY };
  const { path, label } = course(ends, data?.height ?? sourceY);
  const problems = useProblems('edges', id);
  const words = useSentence(data?.edge.when);
  const mark = useMark(id);
  const lit = useOpen((open) => open.lit[id]);
  if (!data) return null;
  const { edge, asked, order, ways, outcome } = data;
  const text = [outcome, pick(edge.title)].filter(Boolean).join(' · ') || (asked ? (edge.default ? t('builder.otherwise') : words || t('builder.way.no_condition')) : words);
  const style = {
    transform: `translate(-50%, -50%) translate(${label.x}px, ${label.y}px)`,
    maxWidth: Math.min(WIDEST, Math.max(NARROWEST, label.room)),
  };
  const spot = { edge: id, at: { x: snapped(label.x - CARD.width / 2), y: snapped(label.y - CARD.height / 2) } };
  const isBare = !text && !problems.length;
  return (
    <>
      <BaseEdge path={path} className={`${edge.on ? 'b-way-outcome' : edge.default ? 'b-way-default' : ''} ${lit ? `b-lit-${lit}` : ''} ${mark ? `b-is-${mark}` : ''}`} interactionWidth={24} />
      <path className="b-arrow" d={arrow(ends)} data-selected={selected} />
      <OnLabelLayer>
        <div className={isBare ? 'b-way b-bare nodrag nopan' : 'b-way nodrag nopan'} data-selected={selected} data-way={id} data-is={mark} style={style}>
          {!isBare && (
            <Label
              id={id}
              text={text}
              number={asked && !edge.default && ways > 1 ? order : 0}
              tone={asked && !edge.default && !words && !edge.title ? 'unset' : edge.on ? 'outcome' : asked ? 'asked' : 'plain'}
            />
          )}
          <Badge problems={problems} />
          <AddMenu into={spot} className="b-add-into" label={t('builder.insert_here')}>
            <Plus size={12} aria-hidden />
          </AddMenu>
        </div>
      </OnLabelLayer>
    </>
  );
});

function Label({ id, text, number, tone }: { id: string; text: string; number: number; tone: string }) {
  const { select } = useVerbs();
  return (
    <button type="button" className={`b-way-label b-${tone}`} title={text} tabIndex={-1} onClick={() => select([{ group: 'edges', uid: id }])}>
      {number > 0 && (
        <span className="b-order" aria-label={t('builder.priority', { number })}>
          {number}
        </span>
      )}
      <span>{text}</span>
    </button>
  );
}
