/** Conditions as sentences, with the fields around and the names of places as far as they have been read. */
import { useCallback, useEffect, useMemo } from 'react';
import { useStore } from 'zustand';

import type { FieldInfo } from '../../core/fields';
import { fullName } from '../../core/regions';
import { rulesOf } from '../../core/trees';
import { sentence } from '../../core/sentence';
import type { Tree } from '../../core/types';
import { useLibrary, useSurroundings } from '../context';
import { useFields } from '../fields';

export function useSentence(tree: Tree | undefined): string {
  const fields = useFields();
  const operators = useLibrary((found) => found.vocabulary.operators);
  const region = usePlaces(tree, fields);
  return sentence(tree, { fields, operators, region });
}

/** What the places are called that conditions ask for, wherever within `value` these stand. */
export function usePlaces(value: unknown, fields: readonly FieldInfo[]): (code: string) => string | undefined {
  const codes = useMemo(() => {
    const places = new Set(fields.filter((field) => field.kind === 'region').map((field) => field.key));
    return places.size ? conditionsIn(value).flatMap(rulesOf).flatMap((rule) => (places.has(rule.field) && Array.isArray(rule.value) ? rule.value.map(String) : [])) : [];
  }, [value, fields]);
  const names = useRegionNames(codes);
  return useCallback((code) => fullName(code, names), [names]);
}

function conditionsIn(value: unknown): Tree[] {
  if (typeof value !== 'object' || value === null) return [];
  return 'combinator' in value ? [value as Tree] : Object.values(value).flatMap(conditionsIn);
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
