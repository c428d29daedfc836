/** The step at which something happens is in view. */
import { useReactFlow } from '@xyflow/react';
import { useEffect } from 'react';

import type { WorkflowDoc } from '../../core/types';
import { CARD, pointOf } from './edits';
import { moving } from './view';

export function useFollow(draft: WorkflowDoc, uid: string): void {
  const { setCenter, getZoom } = useReactFlow();
  const { x, y } = pointOf(draft, uid);
  useEffect(() => {
    void setCenter(x + CARD.width / 2, y + CARD.height / 2, { zoom: Math.max(getZoom(), 0.7), duration: moving(150) });
  }, [x, y, setCenter, getZoom]);
}
