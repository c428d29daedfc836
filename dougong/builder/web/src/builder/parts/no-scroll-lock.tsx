/** In the place of react-remove-scroll, which Radix uses under its dialogs: nothing is injected and nothing locked, the builder's window does not scroll. */
import type { ElementType, ReactNode } from 'react';

interface Props {
  as?: ElementType;
  children?: ReactNode;
  allowPinchZoom?: boolean;
  shards?: unknown;
  enabled?: boolean;
}

export function RemoveScroll({ as: As = 'div', allowPinchZoom: _pinch, shards: _shards, enabled: _enabled, ...rest }: Props) {
  return <As {...rest} />;
}
