/** The fields of the records that a line names: what a column can be looked up in. */
import { useMemo } from 'react';

import { fieldsOfForm } from '../../core/fields';
import { documentOf } from '../../core/library';
import type { EntityDoc, Field } from '../../core/types';
import { useDraft, useLibrary } from '../context';
import type { Input, Settlement } from './types';

const MAY = ['text', 'number', 'date', 'datetime', 'choice', 'region', 'boolean'];

export function useRecordFields(): { by: Input; field: Field }[] {
  const inputs = useDraft((draft: Settlement) => draft.inputs);
  const library = useLibrary((found) => found);
  return useMemo(
    () =>
      inputs.filter((input) => input.type === 'record').flatMap((by) => {
        const entity = documentOf<EntityDoc>(library, 'entity', by.config?.['entity'] as string | undefined);
        return fieldsOfForm(entity?.draft, library).filter((field) => MAY.includes(field.kind)).map(({ kind: _, ...field }) => ({ by, field }));
      }),
    [inputs, library],
  );
}
