/** Keeps unsaved work: asks before the page is left, saves when it goes out of sight, tries again when it comes back. */
import { useEffect } from 'react';

import { useDocument, useSurroundings } from './context';

export function useGuard(): void {
  const { saver } = useDocument();
  const { library } = useSurroundings();
  useEffect(() => {
    if (!saver) return;
    const leaving = (event: BeforeUnloadEvent) => {
      if (!saver.unsaved) return;
      saver.keepNow();
      event.preventDefault();
    };
    const hiding = () => {
      if (document.visibilityState === 'hidden' && saver.unsaved) {
        saver.keepNow();
        void saver.flush();
      }
    };
    const back = () => {
      if (saver.state.is === 'offline' || saver.state.is === 'signed-out') void saver.flush();
      library.refresh().catch(() => undefined); // what could not be read now is read at the next focus
    };
    window.addEventListener('beforeunload', leaving);
    document.addEventListener('visibilitychange', hiding);
    window.addEventListener('online', back);
    window.addEventListener('focus', back);
    return () => {
      window.removeEventListener('beforeunload', leaving);
      document.removeEventListener('visibilitychange', hiding);
      window.removeEventListener('online', back);
      window.removeEventListener('focus', back);
    };
  }, [saver, library]);
}
