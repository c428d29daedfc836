/** Words on hover and focus, around one element that can be hovered or focused. They stay while the pointer is over them; Escape takes them away. */
import { cloneElement, useEffect, useId, useLayoutEffect, useRef, useState, type CSSProperties, type HTMLAttributes, type ReactElement, type ReactNode } from 'react';
import { createPortal } from 'react-dom';

import { beside, type Side } from './beside';

type Tipped = HTMLAttributes<HTMLElement>;

interface Props {
  words: ReactNode;
  side?: Side;
  children: ReactElement<Tipped>;
}

const WAIT = 300;
/** From the element to its words, and from one element to the next, where the words come at once. */
const GRACE = 150;

let lastSeen = -Infinity;

export function Tip({ words, side = 'bottom', children }: Props) {
  const [target, setTarget] = useState<HTMLElement | null>(null);
  const timer = useRef(0);
  const id = useId();
  useEffect(() => () => clearTimeout(timer.current), []);
  if (!words) return children;

  const later = (act: () => void, wait: number) => {
    clearTimeout(timer.current);
    timer.current = window.setTimeout(act, wait);
  };
  const show = (element: HTMLElement, wait: number) => later(() => setTarget(element), wait);
  const hide = (wait = 0) => {
    if (target) lastSeen = performance.now();
    later(() => setTarget(null), wait);
  };
  const { onPointerEnter, onPointerLeave, onPointerDown, onFocus, onBlur, onKeyDown } = children.props;
  const tipped: Tipped = {
    onPointerEnter: (event) => {
      onPointerEnter?.(event);
      if (event.pointerType !== 'touch') show(event.currentTarget, performance.now() - lastSeen < WAIT ? 0 : WAIT);
    },
    onPointerLeave: (event) => {
      onPointerLeave?.(event);
      hide(GRACE);
    },
    onPointerDown: (event) => {
      onPointerDown?.(event);
      hide();
    },
    onFocus: (event) => {
      onFocus?.(event);
      if (event.currentTarget.matches(':focus-visible')) show(event.currentTarget, 0);
    },
    onBlur: (event) => {
      onBlur?.(event);
      hide();
    },
    onKeyDown: (event) => {
      onKeyDown?.(event);
      if (target && event.key === 'Escape') hide();
    },
    ...(target ? { 'aria-describedby': id } : {}),
  };
  return (
    <>
      {cloneElement(children, tipped)}
      {target && createPortal(<Words id={id} target={target} side={side} words={words} stay={() => clearTimeout(timer.current)} go={hide} />, document.body)}
    </>
  );
}

interface WordsProps {
  id: string;
  target: HTMLElement;
  side: Side;
  words: ReactNode;
  stay(): void;
  go(): void;
}

function Words({ id, target, side, words, stay, go }: WordsProps) {
  const box = useRef<HTMLDivElement>(null);
  const [place, setPlace] = useState<CSSProperties>({ visibility: 'hidden' });
  useLayoutEffect(() => {
    const size = box.current?.getBoundingClientRect();
    if (size) setPlace(beside(target.getBoundingClientRect(), size, side, { width: innerWidth, height: innerHeight }));
  }, [target, side, words]);
  return (
    <div ref={box} id={id} role="tooltip" className="b-tip" style={place} onPointerEnter={stay} onPointerLeave={go}>
      {words}
    </div>
  );
}
