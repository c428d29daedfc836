/** The keyboard of the frame: undo, redo, save, delete, select all, copy, cut, paste, duplicate, Escape, and ? for all of them. */
import { useEffect } from 'react';

import { t } from '../core/i18n';
import type { DocumentStore, Verbs } from '../core/store';
import type { Place } from '../core/types';
import { useDocument, useEditor } from './context';
import type { Editor } from './editor';
import { say } from './notices';
import { useRemove } from './removal';

export function useKeys(help: () => void): void {
  const store = useDocument();
  const editor = useEditor();
  const remove = useRemove();
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (event.defaultPrevented || elsewhere(event)) return;
      const act = event.key === '?' && !typing(event) ? help : action(event, store, editor, remove);
      if (!act) return;
      event.preventDefault();
      act();
    };
    const copying = (event: ClipboardEvent) => copy(event, store, editor, remove);
    const pasting = (event: ClipboardEvent) => {
      if (event.defaultPrevented) return;
      tellCut(event);
      if (elsewhere(event) || typing(event)) return;
      if (paste(store, editor, event.clipboardData?.getData('text/plain') ?? '')) event.preventDefault();
    };
    window.addEventListener('keydown', pressed);
    document.addEventListener('copy', copying);
    document.addEventListener('cut', copying);
    document.addEventListener('paste', pasting);
    return () => {
      window.removeEventListener('keydown', pressed);
      document.removeEventListener('copy', copying);
      document.removeEventListener('cut', copying);
      document.removeEventListener('paste', pasting);
    };
  }, [store, editor, remove, help]);
}

function action(event: KeyboardEvent, store: DocumentStore, editor: Editor, remove: () => void): (() => void) | null {
  const { verbs } = store;
  const { selection, draft } = store.getState();
  const key = event.key.toLowerCase();
  const back = undoing(event, verbs);
  if (back) return back;
  if (event.ctrlKey || event.metaKey) {
    if (key === 's') return () => void verbs.saveNow();
    if (typing(event)) return null;
    if (key === 'a' && editor.all) return () => verbs.select(editor.all?.(draft) ?? []);
    if (key === 'd' && editor.copied) return () => duplicate(store, editor);
    return null;
  }
  if (key === 'escape' && (event.target as HTMLElement).closest('.b-inspector')) return () => backTo(selection, event.target as HTMLElement);
  if (typing(event)) return key === 'escape' ? () => (event.target as HTMLElement).blur() : null;
  if ((key === 'delete' || key === 'backspace') && selection.length) return remove;
  if (key === 'escape' && selection.length) return () => verbs.select([]);
  return null;
}

/** Also for a dialog in which the draft is changed. */
export function undoing(event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'shiftKey'>, { undo, redo }: Pick<Verbs, 'undo' | 'redo'>): (() => void) | null {
  const key = event.key.toLowerCase();
  if (!event.ctrlKey && !event.metaKey) return null;
  if (key === 'z') return event.shiftKey ? redo : undo;
  return key === 'y' ? redo : null;
}

/** Out of the settings: to what they are of, where that is drawn. */
function backTo([only]: readonly Place[], from: HTMLElement): void {
  from.blur();
  if (only) document.querySelector<HTMLElement>(`.b-canvas [data-id="${CSS.escape(only.uid)}"]`)?.focus({ preventScroll: true });
}

/** For buttons that do what the keys do. */
export function useSelectionVerbs(): { remove(places?: readonly Place[]): void; duplicate(): void; copy(): Promise<void>; paste(): Promise<void> } {
  const store = useDocument();
  const editor = useEditor();
  const remove = useRemove();
  return {
    remove,
    duplicate: () => duplicate(store, editor),
    copy: () => copyOut(store, editor),
    paste: async () => void (paste(store, editor, await shared()) || say(t('builder.paste.nothing'))),
  };
}

const COPIED = 'dougong.copied';

/** Onto the clipboard; beside it, for browsers that let no page read that. */
async function copyOut(store: DocumentStore, editor: Editor): Promise<void> {
  const { draft, selection } = store.getState();
  const text = editor.copied?.(draft, selection);
  if (!text) return;
  try {
    localStorage.setItem(COPIED, text);
    await navigator.clipboard?.writeText(text);
  } catch {
    // no room, or not allowed: one of the two is enough
  }
  say(t('builder.copied'));
}

async function shared(): Promise<string> {
  const found = await navigator.clipboard?.readText().catch(() => '');
  return found || localStorage.getItem(COPIED) || '';
}

function duplicate(store: DocumentStore, editor: Editor): void {
  const { draft, selection } = store.getState();
  const text = editor.copied?.(draft, selection);
  if (text) paste(store, editor, text);
}

function copy(event: ClipboardEvent, store: DocumentStore, editor: Editor, remove: () => void): void {
  if (elsewhere(event) || typing(event) || String(getSelection() ?? '')) return;
  const { draft, selection } = store.getState();
  const text = editor.copied?.(draft, selection);
  if (!text) return;
  event.clipboardData?.setData('text/plain', text);
  event.preventDefault();
  if (event.type === 'cut') remove();
}

function paste(store: DocumentStore, editor: Editor, text: string): boolean {
  if (!editor.pasted || !text || store.getState().readOnly) return false;
  const found = editor.pasted(store.getState().draft, text) ?? { refused: 'builder.paste.nothing' };
  if ('refused' in found) say(t(found.refused));
  else {
    const [first] = found.places;
    store.verbs.change(() => found.draft);
    if (first) store.verbs.lookAt(first);
    store.verbs.select(found.places);
  }
  return true;
}

/** A browser pastes as much into a box as it takes, without a word. */
function tellCut({ target, clipboardData }: ClipboardEvent): void {
  if (!(target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement) || target.maxLength < 0) return;
  const { value, selectionStart, selectionEnd, maxLength } = target;
  const stays = value.length - ((selectionEnd ?? 0) - (selectionStart ?? 0));
  if (stays + (clipboardData?.getData('text/plain').length ?? 0) > maxLength) say(t('builder.paste.cut', { limit: maxLength }));
}

function typing(event: Event): boolean {
  const target = event.target as HTMLElement | null;
  return Boolean(target?.closest?.('input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable=true]'));
}

/** A dialog or menu has the keyboard for itself. */
function elsewhere(event: Event): boolean {
  const target = event.target as HTMLElement | null;
  return Boolean(target?.closest?.('[role=dialog], [role=alertdialog], [role=menu]'));
}
