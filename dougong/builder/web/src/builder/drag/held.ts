/** What is held by keyboard: Enter on a grip takes it, arrows move it, Enter lets it go, Escape puts it back. */
import { createStore } from 'zustand/vanilla';

export interface Held {
  uid: string | null;
  /** For those who listen. */
  said: string;
}

export const held = createStore<Held>(() => ({ uid: null, said: '' }));

/** Its list is drawn anew when it has moved: give the grip the focus back. */
export function focusGrip(uid: string): void {
  requestAnimationFrame(() => document.querySelector<HTMLElement>(`[data-grip="${CSS.escape(uid)}"]`)?.focus());
}
