/** A condition over the ticket's data. */
import type { Tree } from '../../core/types';
import { ConditionBuilder } from '../conditions/ConditionBuilder';
import type { WidgetProps } from './widget';

export function ConditionWidget({ value, onChange, disabled }: WidgetProps) {
  return <ConditionBuilder value={value as Tree | undefined} onChange={onChange} disabled={disabled} />;
}
