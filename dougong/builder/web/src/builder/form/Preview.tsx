/** The form as people will see it: drawn by the server, read anew after each save; a desktop page is made smaller where there is no room for it. */
import { useEffect, useLayoutEffect, useRef, useState, type CSSProperties } from 'react';

import { t } from '../../core/i18n';
import { useOpen, useSurroundings, useVerbs } from '../context';

export type Width = 'desktop' | 'phone' | 'paper';

/** From here on the pages have two columns. */
const DESKTOP = 880;

export function Preview({ width }: { width: Width }) {
  const { where } = useSurroundings();
  const { saveNow } = useVerbs();
  const save = useOpen((open) => open.save);
  const frame = useRef<HTMLIFrameElement>(null);
  const room = useRef<HTMLDivElement>(null);
  const [ready, setReady] = useState(false);
  const size = useSize(room);

  useEffect(() => void saveNow().finally(() => setReady(true)), [saveNow]);
  useEffect(() => {
    if (save.is === 'saved') frame.current?.contentWindow?.location.reload();
  }, [save]);
  const behind = save.is !== 'saved' && save.is !== 'waiting' && save.is !== 'saving';
  return (
    <div className="bf-preview" data-width={width}>
      {behind && <p className="b-said b-warning">{t('builder.preview.unsaved')}</p>}
      <div ref={room} className="bf-room">
        {ready && size && <iframe ref={frame} src={`${where.base}/builder/${where.id}/preview${width === 'paper' ? '?paper' : ''}`} title={t('builder.preview')} style={width !== 'phone' ? fitted(size) : { height: size.height }} />}
      </div>
    </div>
  );
}

interface Size {
  width: number;
  height: number;
}

function fitted({ width, height }: Size): CSSProperties {
  const scale = Math.min(1, width / DESKTOP);
  return { width: width / scale, height: height / scale, transform: `scale(${scale})` };
}

function useSize(of: React.RefObject<HTMLElement | null>): Size | null {
  const [size, setSize] = useState<Size | null>(null);
  useLayoutEffect(() => {
    if (!of.current) return;
    const watch = new ResizeObserver(([entry]) => entry && setSize({ width: entry.contentRect.width, height: entry.contentRect.height }));
    watch.observe(of.current);
    return () => watch.disconnect();
  }, [of]);
  return size;
}
