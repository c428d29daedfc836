/** A small plus on a card or way: what to add there. There are as many as there are cards and ways: each is a bare button until it is opened. */
import { lazy, Suspense, useState, type ReactNode } from 'react';

import type { Point } from '../../core/types';
import { useOpen } from '../context';

/** A place on a way. */
export interface Spot {
  edge: string;
  at: Point;
}

export interface AddProps {
  /** Behind this step ... */
  after?: string;
  /** ... or into this way, at this place. */
  into?: Spot;
  className: string;
  label: string;
  children: ReactNode;
}

const load = () => import('./AddTypes');
const AddTypes = lazy(() => load().then((found) => ({ default: found.AddTypes })));

/** While nothing else is to do, and the server can still be reached. */
export function loadMenus(): void {
  setTimeout(() => void load().catch(() => undefined), 1500);
}

export function AddMenu(props: AddProps) {
  const [wanted, want] = useState(false);
  const readOnly = useOpen((found) => found.readOnly);
  if (readOnly) return null;
  const bare = (
    <button type="button" className={props.className} aria-label={props.label} aria-haspopup="menu" tabIndex={-1} onClick={() => want(true)}>
      {props.children}
    </button>
  );
  return wanted ? (
    <Suspense fallback={bare}>
      <AddTypes {...props} />
    </Suspense>
  ) : (
    bare
  );
}
