/** Titles that nobody wrote: what a new element is called until somebody calls it something. */
import type { Text } from './types';

/** One language was written: what still stands there by itself in the others says something else now, so it goes. */
export function retitled(before: Text | undefined, next: Text, isStandard: (tag: string, words: string) => boolean): Text {
  const written = Object.keys(next).filter((tag) => next[tag] !== before?.[tag]);
  if (!written.some((tag) => next[tag])) return next;
  const kept = Object.entries(next).filter(([tag, words]) => written.includes(tag) || !isStandard(tag, words));
  return Object.fromEntries(kept);
}

/** As the type of a field is called. */
export function asType(title: Text | undefined): (tag: string, words: string) => boolean {
  return (tag, words) => words === title?.[tag];
}

/** Option 3, 选项 3. */
export function asNumbered(_tag: string, words: string): boolean {
  return /^(Option|选项) \d+$/.test(words);
}
