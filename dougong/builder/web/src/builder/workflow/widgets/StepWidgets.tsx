/** Another step of the workflow, or several. */
import { pick } from '../../../core/i18n';
import type { WorkflowDoc } from '../../../core/types';
import type { WidgetProps } from '../../config/widget';
import { useDraft } from '../../context';
import { MultiPick } from '../../parts/MultiPick';
import { Pick } from '../../parts/Pick';

const PEOPLE = ['user_task', 'approval'];

/** One that somebody does. */
export function StepWidget({ id, value, onChange, disabled, empty }: WidgetProps) {
  const nodes = useDraft((draft: WorkflowDoc) => draft.nodes);
  const choices = nodes.filter((node) => PEOPLE.includes(node.type)).map((node) => ({ value: node.uid, title: pick(node.title) }));
  return (
    <Pick
      id={id}
      value={value as string | undefined}
      choices={choices}
      empty={empty}
      onChange={(uid) => onChange(uid || undefined)}
      disabled={disabled}
    />
  );
}

export function StepsWidget(props: WidgetProps) {
  return <Several {...props} offers={(type) => type !== 'start'} />;
}

/** Those that persons do, the start among them. */
export function DoneStepsWidget(props: WidgetProps) {
  return <Several {...props} offers={(type) => type === 'start' || PEOPLE.includes(type)} />;
}

function Several({ label, value, onChange, disabled, schema, offers }: WidgetProps & { offers(type: string): boolean }) {
  const nodes = useDraft((draft: WorkflowDoc) => draft.nodes);
  const choices = nodes.filter((node) => offers(node.type)).map((node) => ({ value: node.uid, title: pick(node.title) }));
  const values = (Array.isArray(value) ? value : []) as string[];
  return (
    <MultiPick
      label={label}
      values={values}
      choices={choices}
      onChange={(uids) => onChange(uids.length ? uids : undefined)}
      limit={schema.maxItems ?? 200}
      disabled={disabled}
    />
  );
}
