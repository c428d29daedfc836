/** Where the labels of ways are drawn: React Flow's layer for them, looked up once (its own component looks it up anew for each way, at each move). */
import { createContext, useContext, type ReactNode } from 'react';
import { createPortal } from 'react-dom';

const LayerContext = createContext<Element | null>(null);

export const WithLabelLayer = LayerContext.Provider;

export function labelLayer(canvas: Element | null): Element | null {
  return canvas?.querySelector('.react-flow__edgelabel-renderer') ?? null;
}

export function OnLabelLayer({ children }: { children: ReactNode }) {
  const layer = useContext(LayerContext);
  return layer && createPortal(children, layer);
}
