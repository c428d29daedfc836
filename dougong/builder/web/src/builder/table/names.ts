/** What the columns hold, and what the places and roles in their cells are called. */
import { useMemo } from 'react';
import { useStore } from 'zustand';

import { pick, t } from '../../core/i18n';
import { documentsOf, fieldType } from '../../core/library';
import { fullName } from '../../core/regions';
import type { Field, FieldType } from '../../core/types';
import { useRegionNames } from '../conditions/sentences';
import { useDraft, useLibrary, useSurroundings } from '../context';
import { placeCode } from '../settlement/places';
import type { Names } from './cells';
import { COLUMN_TYPES, ROLE, type Side, type Table } from './types';

/** The types that a column may have. A role is no field type: it only comes out. */
export type ColumnType = Pick<FieldType, 'name' | 'title'> & Partial<FieldType>;

export function useColumnTypes(side: Side): ColumnType[] {
  const types = useLibrary((library) => library.vocabulary.fields);
  return useMemo(() => {
    const known = COLUMN_TYPES.flatMap((name) => types.filter((type) => type.name === name));
    const role = { name: ROLE, title: { 'zh-Hans': t('builder.kind.role', {}, 'zh-Hans'), en: t('builder.kind.role', {}, 'en') }, icon: 'user' };
    return side === 'outputs' ? [...known, role] : known;
  }, [types, side]);
}

export function useKindOf(): (column: Field) => string {
  const library = useLibrary((found) => found);
  return useMemo(() => (column) => fieldType(library, column.type)?.kind ?? 'text', [library]);
}

export function useNames(): Names {
  const codes = useDraft((draft: Table) => codesIn(draft).join());
  const found = useRegionNames(useMemo(() => codes.split(',').filter(Boolean), [codes]));
  const { regions } = useSurroundings();
  const read = useStore(regions);
  const library = useLibrary((known) => known);
  return useMemo(
    () => ({
      place: (code) => fullName(code, found),
      placeCode: (name) => placeCode(name, regions.getState()),
      roles: documentsOf(library, 'role').map((one) => ({ value: one.key, title: pick(one.title) || one.key })),
    }),
    [found, regions, read, library],
  );
}

/** Everything in the table that looks like the code of a place. */
function codesIn(doc: Table): string[] {
  const cells = doc.rules.flatMap((rule) => Object.values(rule.when).flatMap((cell) => cell.flatMap((atom) => atom.value ?? [])));
  const outs = doc.rules.flatMap((rule) => Object.values(rule.then).flatMap((out) => ('value' in out ? out.value : [])));
  return [...new Set([...cells, ...outs].map(String).filter((value) => /^\d{2,9}$/.test(value)))];
}
