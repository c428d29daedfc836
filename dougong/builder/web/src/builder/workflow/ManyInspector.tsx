/** Several selected: how many, line them up, spread them, copy or delete them. */
import {
  AlignCenterHorizontal,
  AlignCenterVertical,
  AlignEndHorizontal,
  AlignEndVertical,
  AlignHorizontalDistributeCenter,
  AlignStartHorizontal,
  AlignStartVertical,
  AlignVerticalDistributeCenter,
  type LucideIcon,
} from 'lucide-react';

import { t } from '../../core/i18n';
import type { Place, WorkflowDoc } from '../../core/types';
import { useDocument, useOpen } from '../context';
import { Tip } from '../parts/Tip';
import { aligned, distributed, SIDES, type Axis, type Side } from './align';
import { SelectionButtons } from './SelectionButtons';
import { useBlocks } from './useBlocks';

/** lucide names these by the line that things are held to, which lies across. */
const SIDE_ICONS: Record<Side, LucideIcon> = {
  left: AlignStartVertical,
  centre: AlignCenterVertical,
  right: AlignEndVertical,
  top: AlignStartHorizontal,
  middle: AlignCenterHorizontal,
  bottom: AlignEndHorizontal,
};
const AXIS_ICONS: Record<Axis, LucideIcon> = { x: AlignHorizontalDistributeCenter, y: AlignVerticalDistributeCenter };

export function ManyInspector({ places }: { places: readonly Place[] }) {
  const { verbs } = useDocument<WorkflowDoc>();
  const readOnly = useOpen((open) => open.readOnly);
  const boxes = places.filter((place) => place.group !== 'edges').map((place) => place.uid);
  const { blocks } = useBlocks();
  const isFolded = blocks.some((block) => boxes.every((uid) => block.includes(uid))); // what is not seen is not lined up
  const nodes = places.filter((place) => place.group === 'nodes').length;
  return (
    <>
      <header className="b-inspector-head">
        <h2>{t('builder.many', { nodes, edges: places.length - boxes.length })}</h2>
      </header>
      {!readOnly && (
        <div className="b-stack">
          {boxes.length > 1 && !isFolded && (
            <div className="b-align" role="group" aria-label={t('builder.align')}>
              {SIDES.map((side) => (
                <Tool key={side} words={t(`builder.align.${side}`)} icon={SIDE_ICONS[side]} act={() => verbs.change((doc) => aligned(doc, boxes, side))} />
              ))}
              {(['x', 'y'] as const).map((axis) => (
                <Tool
                  key={axis}
                  words={t(`builder.distribute.${axis}`)}
                  icon={AXIS_ICONS[axis]}
                  disabled={boxes.length < 3}
                  act={() => verbs.change((doc) => distributed(doc, boxes, axis))}
                />
              ))}
            </div>
          )}
          <SelectionButtons />
        </div>
      )}
    </>
  );
}

function Tool({ words, icon: Sign, disabled, act }: { words: string; icon: LucideIcon; disabled?: boolean; act(): void }) {
  return (
    <Tip words={words}>
      <button className="button small icon-only" aria-label={words} disabled={disabled} onClick={act}>
        <Sign size={16} aria-hidden />
      </button>
    </Tip>
  );
}
