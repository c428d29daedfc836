/** Draws an editor around a document without a server: what it would ask is answered with nothing. */
import { render, type RenderResult } from '@testing-library/react';
import { createStore } from 'zustand/vanilla';

import { WithDocument, WithEditor, WithSurroundings, type Surroundings } from '../src/builder/context';
import type { Editor } from '../src/builder/editor';
import { useKeys } from '../src/builder/keys';
import { Removal } from '../src/builder/removal';
import type { Api } from '../src/core/api';
import type { Library, LibraryStore } from '../src/core/library';
import { openRegions } from '../src/core/regions';
import { openDocument, viewDocument, type DocumentStore } from '../src/core/store';
import type { Doc, Problem, Vocabulary } from '../src/core/types';

export interface Drawn<D extends Doc> extends RenderResult {
  store: DocumentStore<D>;
}

interface Options {
  vocabulary: Partial<Vocabulary>;
  problems?: Problem[];
  readOnly?: boolean;
  documents?: Library['documents'];
  post?: (path: string, body: unknown) => Promise<unknown>;
}

export function drawn<D extends Doc>(editor: Editor, doc: D, { vocabulary, documents = [], problems = [], readOnly, post = () => new Promise(() => undefined) }: Options): Drawn<D> {
  globalThis.ResizeObserver ??= class { observe() {} unobserve() {} disconnect() {} } as unknown as typeof ResizeObserver;
  const api = { get: async () => [], post, put: () => new Promise(() => undefined) } as unknown as Api;
  const library: Library = { vocabulary: { nodes: [], fields: [], operators: [], models: [], functions: {}, ...vocabulary }, documents };
  const libraryStore = Object.assign(createStore(() => library), { refresh: async () => undefined, create: async () => '' }) as LibraryStore;
  const opened = { id: 'd', kind: doc.kind, key: doc.key, title: doc.title, revision: 1, active: null, changed: false, updated_at: '', updated_by: '', draft: doc, versions: [] };
  const store = readOnly ? viewDocument<D>({ id: 'd', kind: doc.kind }, doc) : openDocument<D>(opened, api, { put: () => undefined, clear: () => undefined, find: () => null });
  store.setState({ problems });
  const surroundings: Surroundings = { where: { tenant: 'acme', id: 'd', kind: doc.kind, base: '/t/acme', mayEdit: true, mayPublish: true, languages: ['zh-Hans', 'en'] }, api, library: libraryStore, regions: openRegions(api) };
  const { Around = Bare, Palette, Canvas, Inspector } = editor;
  const found = render(
    <WithSurroundings value={surroundings}>
      <WithEditor value={editor}>
        <WithDocument store={store}>
          <Keys />
          <Around>
            {Palette && <aside className="b-palette"><Palette /></aside>}
            <main className="b-canvas"><Canvas /></main>
            {Inspector && <aside className="b-inspector"><Inspector /></aside>}
          </Around>
        </WithDocument>
      </WithEditor>
    </WithSurroundings>,
  );
  return { ...found, store };
}

/** The frame's manners. */
function Keys() {
  useKeys(() => undefined);
  return <Removal />;
}

function Bare({ children }: { children?: React.ReactNode }) {
  return children;
}
