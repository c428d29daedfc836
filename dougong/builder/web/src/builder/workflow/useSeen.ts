/** The draft as it is seen in a view, with the names of those who do the work. */
import { useMemo } from 'react';

import { t } from '../../core/i18n';
import type { WorkflowDoc } from '../../core/types';
import { useLibrary } from '../context';
import { useFields } from '../fields';
import { whoWords, type Who } from './meaning';
import { seen, type Lane, type View } from './views';

export function useSeen(draft: WorkflowDoc, view: View): { doc: WorkflowDoc; lanes: Lane[] } {
  const library = useLibrary((found) => found);
  const fields = useFields();
  return useMemo(() => {
    const known = { library, fields, nodes: draft.nodes };
    return seen(draft, view, (node) => {
      if (node.type === 'start') return t('builder.who.initiator');
      const who = node.config?.['who'] as Who | undefined;
      return who?.by ? whoWords(who, known) : '';
    });
  }, [draft, view, library, fields]);
}
