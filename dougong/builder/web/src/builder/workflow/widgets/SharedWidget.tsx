/** A name that is typed, with those offered that are known already: of other steps, of connections, of messages. */
import { documentsOf } from '../../../core/library';
import { typed } from '../../../core/typed';
import type { FlowNode, WorkflowDoc } from '../../../core/types';
import type { WidgetProps } from '../../config/widget';
import { useDraft, useLibrary } from '../../context';

/** One that several steps share. */
export function SharedWidget(props: WidgetProps) {
  const key = props.pointer.split('/').at(-1) ?? '';
  const nodes = useDraft((draft: WorkflowDoc) => draft.nodes);
  return <Offering {...props} known={named(nodes, key)} />;
}

/** One of a connection that this company has set up. */
export function ConnectionWidget(props: WidgetProps) {
  const connections = useLibrary((library) => library.vocabulary.connections) ?? [];
  return <Offering {...props} known={new Map(connections.map((one) => [one.key, one.title]))} />;
}

/** One of a message that a step of any workflow sends or waits for. */
export function MessageWidget(props: WidgetProps) {
  const library = useLibrary((found) => found);
  const own = useDraft((draft: WorkflowDoc) => draft.nodes);
  const others = documentsOf(library, 'workflow').flatMap((one) => (one.draft as Partial<WorkflowDoc>).nodes ?? []);
  const known = named([...own, ...others].filter((node) => node.type === 'send' || node.type === 'receive'), 'name');
  return <Offering {...props} known={known} />;
}

function named(nodes: readonly FlowNode[], key: string): Map<string, string> {
  const found = nodes.map((node) => node.config?.[key]).filter((one) => typeof one === 'string');
  return new Map(found.map((one) => [one, one]));
}

function Offering({ id, value, onChange, schema, disabled, known }: WidgetProps & { known: ReadonlyMap<string, string> }) {
  return (
    <>
      <input id={id} className="input" list={`${id}-known`} value={String(value ?? '')} maxLength={schema.maxLength ?? 40} disabled={disabled} onChange={(event) => onChange(typed(event.target.value) || undefined)} />
      <datalist id={`${id}-known`}>
        {[...known].filter(([one]) => one !== value).sort(([one], [other]) => one.localeCompare(other)).map(([one, title]) => (
          <option key={one} value={one}>{title}</option>
        ))}
      </datalist>
    </>
  );
}
