/** The bands of the lanes behind the steps, and who works in each: that stays at the edge of the window, and readable. */
import { useStore, ViewportPortal } from '@xyflow/react';

import { t } from '../../core/i18n';
import type { Lane } from './views';

export function Lanes({ lanes }: { lanes: readonly Lane[] }) {
  return (
    <>
      <ViewportPortal>
        {lanes.map(({ title, top, height, left, width }) => (
          <div key={title} className="b-lane" style={{ transform: `translate(${left}px, ${top}px)`, width, height }} />
        ))}
      </ViewportPortal>
      {lanes.length > 0 && <Names lanes={lanes} />}
    </>
  );
}

function Names({ lanes }: { lanes: readonly Lane[] }) {
  const y = useStore((state) => state.transform[1]);
  const zoom = useStore((state) => state.transform[2]);
  return (
    <ul className="b-lane-names" aria-label={t('builder.view.lanes')}>
      {lanes.map(({ title, top, height }) => (
        <li key={title} style={{ transform: `translateY(${y + (top + height / 2) * zoom}px) translateY(-50%)` }}>
          {title || t('builder.lane.nobody')}
        </li>
      ))}
    </ul>
  );
}
