/** Keeps unsaved work: asks before the page is left, saves when it goes out of sight; looks around anew when one comes back from elsewhere. */
import { useEffect } from 'react';

import type { Problem } from '../core/types';
import { useDocument, useSurroundings } from './context';

/** Away for less than this, nobody has changed anything elsewhere. */
const SHORT = 1500;

export function useGuard(): void {
  const store = useDocument();
  const { api, library } = useSurroundings();
  const { saver } = store;
  useEffect(() => {
    if (!saver) return;
    let left = 0;

    const leaving = (event: BeforeUnloadEvent) => {
      if (!saver.unsaved) return;
      saver.keepNow();
      event.preventDefault();
    };
    const hiding = () => {
      if (document.visibilityState !== 'hidden' || !saver.unsaved) return;
      saver.keepNow();
      void saver.flush();
    };
    const away = () => {
      left = performance.now();
    };
    /** In another tab a form may have got the field that was missing here. */
    const lookAround = async () => {
      await library.refresh();
      if (saver.unsaved) return;
      const { problems } = await api.post<{ problems: Problem[] }>('/check', { draft: saver.saved });
      if (!saver.unsaved) store.setState({ problems });
    };
    const back = () => {
      if (saver.state.is === 'offline' || saver.state.is === 'signed-out') void saver.flush();
      if (left && performance.now() - left > SHORT) lookAround().catch(() => undefined); // what cannot be read now is read at the next return
    };

    const listening = [
      [window, 'beforeunload', leaving],
      [document, 'visibilitychange', hiding],
      [window, 'blur', away],
      [window, 'focus', back],
      [window, 'online', back],
    ] as const;
    for (const [place, name, act] of listening) place.addEventListener(name, act as EventListener);
    return () => {
      for (const [place, name, act] of listening) place.removeEventListener(name, act as EventListener);
    };
  }, [store, saver, api, library]);
}
