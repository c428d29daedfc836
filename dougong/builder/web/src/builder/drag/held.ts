/** What is held by keyboard: Enter on a grip takes it, arrows move it, Enter lets it go, Escape puts it back. */
import { createStore } from 'zustand/vanilla';

export interface Held {
  uid: string | null;
  /** For those who listen. */
  said: string;
  /** Ends the gesture; what has been moved stays where it is. */
  letGo(): void;
}

export const held = createStore<Held>(() => ({ uid: null, said: '', letGo: () => undefined }));

/** Its list is drawn anew when it has moved: give the grip the focus back. Where that cannot be, it is let go. */
export function focusGrip(uid: string): void {
  requestAnimationFrame(() => {
    gripOf(uid)?.focus();
    if (held.getState().uid === uid && !hasFocus(uid)) held.getState().letGo();
  });
}

/** After the focus has gone elsewhere, or the grip has. */
export function letGoOf(uid: string): void {
  requestAnimationFrame(() => {
    if (held.getState().uid === uid && !hasFocus(uid)) held.getState().letGo();
  });
}

function gripOf(uid: string): HTMLElement | null {
  return document.querySelector<HTMLElement>(`[data-grip="${CSS.escape(uid)}"]`);
}

function hasFocus(uid: string): boolean {
  return document.activeElement?.getAttribute('data-grip') === uid;
}
