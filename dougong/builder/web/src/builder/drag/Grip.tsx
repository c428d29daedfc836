/** The handle by which something is moved: dragged by pointer, or taken with Enter and moved by the arrows. */
import { GripVertical } from 'lucide-react';
import { useEffect } from 'react';
import { useStore } from 'zustand';

import { t } from '../../core/i18n';
import { useVerbs } from '../context';
import { focusGrip, held, letGoOf } from './held';
import { lift, type Fall } from './lift';

export type Direction = 'up' | 'down' | 'left' | 'right';

interface Props {
  uid: string;
  label: string;
  /** The kind of zone that it may fall into. */
  what: string;
  drop(fall: Fall): void;
  move(direction: Direction): void;
  disabled?: boolean;
}

const ARROWS: Record<string, Direction> = { ArrowUp: 'up', ArrowDown: 'down', ArrowLeft: 'left', ArrowRight: 'right' };

export function Grip({ uid, label, what, drop, move, disabled }: Props) {
  const { begin, end, cancel } = useVerbs();
  const isHeld = useStore(held, (found) => found.uid === uid);
  useEffect(() => () => void requestAnimationFrame(() => letGoOf(uid)), [uid]); // it may only be drawn anew in another list

  const letGo = () => {
    held.setState({ uid: null, said: t('builder.drag.let_go', { name: label }) });
    end();
  };
  const take = () => {
    held.getState().letGo();
    begin();
    held.setState({ uid, said: t('builder.drag.taken', { name: label }), letGo: () => held.getState().uid === uid && letGo() });
  };
  const pressed = (event: React.KeyboardEvent) => {
    const direction = ARROWS[event.key];
    if (direction && (isHeld || event.altKey)) move(direction);
    else if (event.key === 'Enter' || event.key === ' ') (isHeld ? letGo : take)();
    else if (event.key === 'Escape' && isHeld) {
      cancel();
      held.setState({ uid: null, said: t('builder.drag.back', { name: label }) });
    } else return;
    event.preventDefault();
    event.stopPropagation();
    focusGrip(uid);
  };
  return (
    <button
      type="button" className="b-grip" data-grip={uid} aria-label={t('builder.drag.grip', { name: label })} aria-pressed={isHeld} title={t('builder.drag.help')} disabled={disabled}
      onPointerDown={(event) => lift(event.nativeEvent, { what, label, item: event.currentTarget.closest<HTMLElement>('[data-item]'), drop })}
      onKeyDown={pressed}
      onBlur={() => letGoOf(uid)}
    >
      <GripVertical size={14} aria-hidden />
    </button>
  );
}
