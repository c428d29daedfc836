/** Words on hover and focus, around something that can be hovered or focused. */
import { Tooltip } from 'radix-ui';
import type { ReactNode } from 'react';

type Side = 'top' | 'right' | 'bottom' | 'left';

export function Tip({ words, side = 'bottom', children }: { words: ReactNode; side?: Side; children: ReactNode }) {
  if (!words) return children;
  return (
    <Tooltip.Root>
      <Tooltip.Trigger asChild>{children}</Tooltip.Trigger>
      <Tooltip.Portal>
        <Tooltip.Content className="b-tip" side={side} sideOffset={6} collisionPadding={8}>
          {words}
        </Tooltip.Content>
      </Tooltip.Portal>
    </Tooltip.Root>
  );
}
