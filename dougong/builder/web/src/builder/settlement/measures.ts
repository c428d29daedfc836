/** What a charge can measure: how many lines, the sum of a column of numbers, in a statement also what the lines are worth. */
import { useMemo } from 'react';

import { useDraft } from '../context';
import { useKinds } from './kinds';
import type { Measure, Settlement, TableName } from './types';

export function useMeasures(name: TableName): Measure[] {
  const inputs = useDraft((draft: Settlement) => draft.inputs);
  const priced = useDraft((draft: Settlement) => Boolean(draft.line));
  const kinds = useKinds();
  return useMemo(() => {
    const numbers = inputs.filter((input) => kinds(input.key) === 'number');
    const sums = numbers.map((input): Measure => ({ sum: input.key }));
    const greatest = numbers.map((input): Measure => ({ max: input.key }));
    return [{ count: true }, ...sums, ...(name === 'statement' && priced ? [{ lines: true } as const] : []), ...greatest, { formula: '' }];
  }, [inputs, priced, kinds, name]);
}
