/** The keyboard on the canvas: Ctrl-F finds, Enter on a selected step opens its settings, Alt and an arrow walks along the ways. */
import { useEffect, type KeyboardEvent } from 'react';

import type { WorkflowDoc } from '../../core/types';
import { useDocument } from '../context';
import { cardOf, placesOf } from './blocks';
import { useBlocks } from './useBlocks';
import { neighbour, type Direction } from './walk';

/** A step that has just come into view is drawn some frames later. */
const PATIENCE = 30;

/** `doc`: as it is drawn. */
export function useCanvasKeys(find: () => void, doc: WorkflowDoc): (event: KeyboardEvent) => void {
  const store = useDocument<WorkflowDoc>();
  const { blocks, collapse, collapseBranch, expand } = useBlocks();
  useEffect(() => {
    const pressed = (event: globalThis.KeyboardEvent) => {
      const target = event.target as Element | null;
      if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== 'f' || target?.closest('[role=dialog]')) return;
      event.preventDefault();
      find();
    };
    window.addEventListener('keydown', pressed);
    return () => window.removeEventListener('keydown', pressed);
  }, [find]);

  return (event) => {
    const uid = (event.target as Element).closest<HTMLElement>('.react-flow__node, .react-flow__edge')?.dataset['id'];
    const { selection } = store.getState();
    if (!uid || (event.target as Element).closest('button')) return;
    const block = blocks.find((one) => cardOf(one) === uid);
    if (block && (event.key === '+' || event.key === '=' || (event.key === 'Enter' && selection.some((place) => block.includes(place.uid))))) {
      event.preventDefault();
      event.stopPropagation();
      expand(block);
      focusDrawn(block[0] ?? '');
    } else if (event.key === '-') {
      const inside = selection.filter((place) => place.group !== 'edges').map((place) => place.uid);
      if (inside.length > 1) focusDrawn(collapse(inside));
      else void collapseBranch(uid).then((card) => card && focusDrawn(card));
    }
    const isSelected = selection.length === 1 && selection[0]?.uid === uid;
    if (event.key === 'Enter' && isSelected) {
      event.preventDefault();
      event.stopPropagation();
      document.querySelector<HTMLElement>('.b-inspector :is(input, textarea, select):not(:disabled)')?.focus();
    }
    if (!event.altKey || !event.key.startsWith('Arrow')) return;
    event.preventDefault();
    event.stopPropagation();
    const next = neighbour(doc, uid, event.key as Direction);
    if (!next) return;
    const folded = blocks.find((one) => cardOf(one) === next);
    store.verbs.lookAt({ group: 'nodes', uid: next });
    if (folded) store.verbs.select(placesOf(store.getState().draft, folded));
    focusDrawn(next);
  };
}

export function focusDrawn(uid: string, patience = PATIENCE): void {
  const drawn = document.querySelector<HTMLElement>(`.b-canvas [data-id="${CSS.escape(uid)}"]`);
  if (drawn) drawn.focus({ preventScroll: true });
  else if (patience) requestAnimationFrame(() => focusDrawn(uid, patience - 1));
}
