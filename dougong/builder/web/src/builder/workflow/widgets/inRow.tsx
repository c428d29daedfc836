/** Of a step that works through the rows of a table: a widget below it may name the columns too. */
import { useMemo } from 'react';

import { seenInRow } from '../../../core/fields';
import type { Widget, WidgetProps } from '../../config/widget';
import { useFields, WithFields } from '../../fields';

export function inRow(Inner: Widget): Widget {
  const Wrapped: Widget = (props: WidgetProps) => {
    const fields = useFields();
    const over = props.all['over'] as string | undefined;
    const seen = useMemo(() => seenInRow(fields, over), [fields, over]);
    return <WithFields value={seen}><Inner {...props} /></WithFields>;
  };
  if (Inner.saysInner !== undefined) Wrapped.saysInner = Inner.saysInner;
  return Wrapped;
}
