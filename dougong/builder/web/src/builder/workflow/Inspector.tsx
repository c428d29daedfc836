/** The settings of what is selected: a step, a way, a note, several of them, or the workflow itself. */
import type { WorkflowDoc } from '../../core/types';
import { useDraft, useOpen } from '../context';
import { edgeOf, nodeOf } from './edits';
import { FlowInspector } from './FlowInspector';
import { ManyInspector } from './ManyInspector';
import { NoteInspector } from './NoteInspector';
import { noteOf } from './notes';
import { StepInspector } from './StepInspector';
import { WayInspector } from './WayInspector';

export function Inspector() {
  const selection = useOpen((open) => open.selection);
  const boxes = selection.filter((place) => place.group !== 'edges');
  const [only] = boxes.length === 1 ? boxes : selection.length === 1 ? selection : [];
  const node = useDraft((draft: WorkflowDoc) => (only?.group === 'nodes' ? nodeOf(draft, only.uid) : undefined));
  const edge = useDraft((draft: WorkflowDoc) => (only?.group === 'edges' ? edgeOf(draft, only.uid) : undefined));
  const note = useDraft((draft: WorkflowDoc) => (only?.group === 'notes' ? noteOf(draft, only.uid) : undefined));
  if (node) return <StepInspector key={node.uid} node={node} />;
  if (edge) return <WayInspector key={edge.uid} edge={edge} />;
  if (note) return <NoteInspector key={note.uid} note={note} />;
  if (selection.length > 1) return <ManyInspector places={selection} />;
  return <FlowInspector />;
}
