/** Copies and pastes while the focus is in a grid; an input that is being typed in keeps its own, but for whole tables. */
import { useEffect, useRef, type RefObject } from 'react';

export function useClipboard(root: RefObject<HTMLElement | null>, copied: () => string | null, pasted: (text: string) => void): void {
  const now = useRef({ copied, pasted });
  now.current = { copied, pasted };
  useEffect(() => {
    const cell = () => {
      const active = document.activeElement;
      return active && root.current?.contains(active) && active.closest('td[data-col]') ? active : null;
    };
    const copy = (event: ClipboardEvent) => {
      const text = cell()?.matches('td') ? now.current.copied() : null;
      if (text === null) return;
      event.clipboardData?.setData('text/plain', text);
      event.preventDefault();
    };
    const paste = (event: ClipboardEvent) => {
      const text = event.clipboardData?.getData('text/plain') ?? '';
      const at = cell();
      if (!at || !text || (!at.matches('td') && !/[\t\n]/.test(text.trim()))) return;
      event.preventDefault();
      now.current.pasted(text);
    };
    document.addEventListener('copy', copy);
    document.addEventListener('paste', paste);
    return () => {
      document.removeEventListener('copy', copy);
      document.removeEventListener('paste', paste);
    };
  }, [root]);
}
