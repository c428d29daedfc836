/** The settings of what is selected: a step, a way, several steps, or the workflow itself. */
import type { WorkflowDoc } from '../../core/types';
import { useDraft, useOpen } from '../context';
import { edgeOf, nodeOf } from './edits';
import { FlowInspector } from './FlowInspector';
import { ManyInspector } from './ManyInspector';
import { StepInspector } from './StepInspector';
import { WayInspector } from './WayInspector';

export function Inspector() {
  const selection = useOpen((open) => open.selection);
  const nodes = selection.filter((place) => place.group === 'nodes');
  const [only] = nodes.length === 1 ? nodes : selection.length === 1 ? selection : [];
  const node = useDraft((draft: WorkflowDoc) => (only?.group === 'nodes' ? nodeOf(draft, only.uid) : undefined));
  const edge = useDraft((draft: WorkflowDoc) => (only?.group === 'edges' ? edgeOf(draft, only.uid) : undefined));
  if (node) return <StepInspector key={node.uid} node={node} />;
  if (edge) return <WayInspector key={edge.uid} edge={edge} />;
  if (selection.length > 1) return <ManyInspector places={selection} />;
  return <FlowInspector />;
}
