/** A document as its editor draws it, to be looked at: nothing is changed there. */
import { Fragment } from 'react';

import type { DocumentStore } from '../core/store';
import { useEditor, WithDocument } from './context';

export function Picture({ store }: { store: DocumentStore }) {
  const { Canvas, Around = Fragment } = useEditor();
  return (
    <WithDocument store={store}>
      <Around>
        <div className="b-canvas">
          <Canvas />
        </div>
      </Around>
    </WithDocument>
  );
}
