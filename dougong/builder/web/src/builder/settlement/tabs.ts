/** The tables of a settlement, and in which of them a place lies. */
import type { Place } from '../../core/types';
import type { Settlement } from './types';

export const TABS = ['inputs', 'line', 'statement', 'terms', 'shares'] as const;
export type Tab = (typeof TABS)[number];

export interface Found {
  tab: Tab;
  /** The row: a tier belongs to its rule, an option to its input. */
  place: Place;
}

/** The list that the rows of a table stand in. */
export const GROUP_OF: Record<Tab, string> = { inputs: 'inputs', line: 'rules', statement: 'rules', terms: 'terms', shares: 'shares' };

export function rowsIn(doc: Settlement, tab: Tab): readonly { uid: string }[] {
  return (tab === 'line' || tab === 'statement' ? doc[tab]?.rules : doc[tab]) ?? [];
}

export function findPlace(doc: Settlement, { uid }: Place): Found | null {
  const quoted = JSON.stringify(uid);
  for (const exactly of [true, false]) {
    for (const tab of TABS) {
      const row = rowsIn(doc, tab).find((one) => (exactly ? one.uid === uid : JSON.stringify(one).includes(quoted)));
      if (row) return { tab, place: { group: GROUP_OF[tab], uid: row.uid } };
    }
  }
  return null;
}

/** Where a problem that names no row is to be seen. */
export function tabOf(pointer: string): Tab {
  const [, first = ''] = pointer.split('/');
  if (first === 'term_dimensions') return 'terms';
  return TABS.find((tab) => tab === first) ?? 'inputs';
}
