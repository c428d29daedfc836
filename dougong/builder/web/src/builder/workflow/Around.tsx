/** What palette, canvas and inspector share: the flow's viewport, and the fields of the ticket. */
import { ReactFlowProvider } from '@xyflow/react';
import { useMemo, type PropsWithChildren } from 'react';

import { fieldsOfWorkflow } from '../../core/fields';
import type { WorkflowDoc } from '../../core/types';
import { useDocument, useDraft, useLibrary } from '../context';
import { WithFields } from '../fields';
import { WithBlocks } from './useBlocks';

export function Around({ children }: PropsWithChildren) {
  const store = useDocument<WorkflowDoc>();
  const library = useLibrary((found) => found);
  const forms = useDraft((draft: WorkflowDoc) => [draft.form, ...draft.nodes.map((node) => node.config?.['form'])].join());
  // The forms' keys say all that matters of the draft here.
  const fields = useMemo(() => fieldsOfWorkflow(store.getState().draft, library), [store, library, forms]);
  return (
    <ReactFlowProvider>
      <WithBlocks>
        <WithFields value={fields}>{children}</WithFields>
      </WithBlocks>
    </ReactFlowProvider>
  );
}
