/** One thing of the palette: dragged, clicked or entered into the form. */
import type { ReactNode } from 'react';

import { lift } from '../drag/lift';

interface Props {
  title: string;
  help: string;
  icon: ReactNode;
  what: 'fields' | 'sections';
  disabled: boolean;
  add(): void;
  drop: Parameters<typeof lift>[1]['drop'];
}

export function Item({ title, help, icon, what, disabled, add, drop }: Props) {
  return (
    <button
      type="button" className="bf-item" title={help} disabled={disabled} onClick={add}
      onPointerDown={(event) => disabled || lift(event.nativeEvent, { what, label: title, drop })}
    >
      {icon}
      <span>{title}</span>
    </button>
  );
}
