/** Of a step that begins a ticket of another workflow: a widget below it names the fields of that one. */
import { useMemo } from 'react';

import { fieldsOfWorkflow } from '../../../core/fields';
import { documentOf } from '../../../core/library';
import { get, parts } from '../../../core/pointer';
import type { Config, WorkflowDoc } from '../../../core/types';
import type { Widget, WidgetProps } from '../../config/widget';
import { useDraft, useLibrary } from '../../context';
import { WithFields } from '../../fields';

export function inCalled(Inner: Widget): Widget {
  return function Wrapped(props: WidgetProps) {
    const library = useLibrary((found) => found);
    const [, node] = parts(props.pointer);
    const key = useDraft((draft: WorkflowDoc) => (get(draft, ['nodes', Number(node), 'config']) as Config | undefined)?.['workflow'] as string | undefined);
    const called = documentOf<WorkflowDoc>(library, 'workflow', key)?.draft;
    const fields = useMemo(() => (called ? fieldsOfWorkflow(called, library) : []), [called, library]);
    return <WithFields value={fields}><Inner {...props} /></WithFields>;
  };
}
