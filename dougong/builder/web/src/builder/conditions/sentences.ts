/** Conditions as sentences, with the fields around and the names of places as far as they have been read. */
import { useEffect } from 'react';
import { useStore } from 'zustand';

import { fieldsIn } from '../../core/conditions';
import { fullName } from '../../core/regions';
import { rulesOf } from '../../core/trees';
import { sentence } from '../../core/sentence';
import type { Tree } from '../../core/types';
import { useLibrary, useSurroundings } from '../context';
import { useFields } from '../fields';

export function useSentence(tree: Tree | undefined): string {
  const fields = useFields();
  const operators = useLibrary((found) => found.vocabulary.operators);
  const places = new Set(fields.filter((field) => field.kind === 'region').map((field) => field.key));
  const asksPlaces = fieldsIn(tree).some((key) => places.has(key));
  const codes = asksPlaces
    ? rulesOf(tree)
        .filter((rule) => places.has(rule.field) && Array.isArray(rule.value))
        .flatMap((rule) => rule.value as string[])
    : [];
  const names = useRegionNames(codes);
  return sentence(tree, { fields, operators, region: (code) => fullName(code, names) });
}

/** The names read so far; those of the codes are asked for. */
export function useRegionNames(codes: readonly string[]): Record<string, string> {
  const { regions } = useSurroundings();
  const wanted = codes.join();
  useEffect(() => {
    for (const code of wanted.split(',').filter(Boolean)) void regions.reach(code);
  }, [regions, wanted]);
  return useStore(regions, (found) => found.names);
}
