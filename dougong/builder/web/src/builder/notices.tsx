/** One sentence about what has just happened, over the canvas: it goes by itself, and is read out. */
import { useEffect } from 'react';
import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';

const LONG_ENOUGH = 7000;

const notice = createStore<{ words: string; at: number }>(() => ({ words: '', at: 0 }));

export function say(words: string): void {
  notice.setState({ words, at: performance.now() });
}

export function Notice() {
  const { words, at } = useStore(notice);
  useEffect(() => {
    if (!words) return;
    const timer = setTimeout(() => say(''), LONG_ENOUGH);
    return () => clearTimeout(timer);
  }, [words, at]);
  return (
    <div role="status" aria-live="polite" className={words ? 'b-notice' : 'visually-hidden'}>
      {words}
    </div>
  );
}
