/** What the values of the inputs are compared as, and which words stand for places. */
import { useMemo } from 'react';

import { fieldType } from '../../core/library';
import { fullName } from '../../core/regions';
import { useDraft, useLibrary } from '../context';
import { useRegionNames } from '../conditions/sentences';
import { rowsOf } from './edits/rules';
import type { RulesName, Settlement } from './types';
import type { Places } from './words';

/** The kind of an input by its key: number, date, choice, ... A moment is asked for as the day that it is. */
export function useKinds(): (key: string | undefined) => string {
  const inputs = useDraft((draft: Settlement) => draft.inputs);
  const library = useLibrary((found) => found);
  return useMemo(() => {
    const kinds = new Map(inputs.map((input) => [input.key, fieldType(library, input.type)?.kind ?? 'text']));
    return (key) => (kinds.get(key ?? '') ?? 'text').replace('datetime', 'date');
  }, [inputs, library]);
}

/** The names of the places that the rules of a table name. */
export function usePlaces(codes: readonly string[]): Places {
  const names = useRegionNames(codes);
  return useMemo(() => (code) => fullName(code, names), [names]);
}

/** Everything in the cells of a table that looks like the code of a place. */
export function codesIn(doc: Settlement, name: RulesName): string[] {
  const cells = rowsOf(doc, name).flatMap((row) => Object.values(row.when));
  const values = cells.flatMap((cell) => ('in' in cell ? cell.in : 'not_in' in cell ? cell.not_in : []));
  return [...new Set(values.filter((value) => /^\d{2,9}$/.test(value)))];
}
