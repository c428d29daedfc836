/** Which steps are folded away: one's own view of a workflow, kept in one's browser. */
import { createContext, useContext, useMemo, useState, type PropsWithChildren } from 'react';

import { t } from '../../core/i18n';
import type { WorkflowDoc } from '../../core/types';
import { useDocument, useSurroundings } from '../context';
import { say } from '../notices';
import { blockOf, cardOf, standing, type Block } from './blocks';

export interface Blocks {
  blocks: readonly Block[];
  /** Into one card; what was folded within it is in it. Answers the uid of the card. */
  collapse(block: Block): string;
  /** The branches behind a step; says so where there are none. */
  collapseBranch(uid: string): Promise<string | undefined>;
  collapseAll(): Promise<void>;
  expand(block: Block): void;
  expandAll(): void;
  /** The step whose called workflow is looked at. */
  peeked: string | null;
  peek(uid: string | null): void;
}

const BlocksContext = createContext<Blocks | null>(null);
const dominance = () => import('./dominance');

export function WithBlocks({ children }: PropsWithChildren) {
  const store = useDocument<WorkflowDoc>();
  const { where } = useSurroundings();
  const name = store.saver ? `dougong:blocks:${where.tenant}:${store.getState().id}` : null; // an old version is only looked at
  const [blocks, setBlocks] = useState<readonly Block[]>(() => kept(name));
  const [peeked, peek] = useState<string | null>(null);
  const value = useMemo((): Blocks => {
    const set = (next: readonly Block[]) => {
      keep(name, next);
      setBlocks(next);
    };
    const collapse = (block: Block) => {
      const [whole = block] = standing(store.getState().draft, [block]);
      set([...blocks.filter((one) => !one.some((uid) => whole.includes(uid))), whole]);
      return cardOf(whole);
    };
    return {
      blocks,
      collapse,
      collapseBranch: async (uid) => {
        const found = (await dominance()).branchOf(store.getState().draft, uid);
        if (!found) say(t('builder.block.none'));
        return found && collapse(found);
      },
      collapseAll: async () => {
        const found = (await dominance()).outermost(store.getState().draft);
        if (found.length) set(found);
        else say(t('builder.block.none'));
      },
      expand: (block) => set(blocks.filter((one) => one !== blockOf(blocks, block[0] ?? ''))),
      expandAll: () => set([]),
      peeked,
      peek,
    };
  }, [store, name, blocks, peeked]);
  return <BlocksContext.Provider value={value}>{children}</BlocksContext.Provider>;
}

export function useBlocks(): Blocks {
  const found = useContext(BlocksContext);
  if (!found) throw new Error('used outside a workflow');
  return found;
}

function kept(name: string | null): Block[] {
  try {
    const found: unknown = JSON.parse((name && localStorage.getItem(name)) || '[]');
    return Array.isArray(found) ? found.filter((one) => Array.isArray(one) && one.every((uid) => typeof uid === 'string')) : [];
  } catch {
    return [];
  }
}

function keep(name: string | null, blocks: readonly Block[]): void {
  try {
    if (name) localStorage.setItem(name, JSON.stringify(blocks));
  } catch {
    // full or forbidden: they are folded until the page is left
  }
}
