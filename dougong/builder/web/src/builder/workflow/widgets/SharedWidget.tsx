/** A name that several steps share: typed, or one that another step already has. */
import { typed } from '../../../core/typed';
import type { WorkflowDoc } from '../../../core/types';
import type { WidgetProps } from '../../config/widget';
import { useDraft } from '../../context';

export function SharedWidget({ id, value, onChange, pointer, schema, disabled }: WidgetProps) {
  const key = pointer.split('/').at(-1) ?? '';
  const nodes = useDraft((draft: WorkflowDoc) => draft.nodes);
  const known = new Set(nodes.map((node) => node.config?.[key]).filter((one) => typeof one === 'string' && one !== value)) as Set<string>;
  return (
    <>
      <input id={id} className="input" list={`${id}-known`} value={String(value ?? '')} maxLength={schema.maxLength ?? 40} disabled={disabled} onChange={(event) => onChange(typed(event.target.value) || undefined)} />
      <datalist id={`${id}-known`}>
        {[...known].sort().map((one) => (
          <option key={one} value={one} />
        ))}
      </datalist>
    </>
  );
}
