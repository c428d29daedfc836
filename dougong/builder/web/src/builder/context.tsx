/** What every part of the builder may ask for: the open document, the verbs that change it, the documents around it, the server. */
import { createContext, useContext } from 'react';
import { useStore } from 'zustand';

import type { Api } from '../core/api';
import type { Library, LibraryStore } from '../core/library';
import type { RegionStore } from '../core/regions';
import type { DocumentStore, Open, Verbs } from '../core/store';
import type { Doc, Kind } from '../core/types';
import type { Editor } from './editor';

/** Where we are, as the page says. `base`: the tenant's pages; `id` and `kind`: the document. */
export interface Where {
  tenant: string;
  id: string;
  kind: Kind;
  base: string;
  mayEdit: boolean;
  mayPublish: boolean;
  /** In which languages texts are written here. */
  languages: readonly string[];
  /** Where running tickets go over to the active version; '' or nothing for whom they are not his to repair. */
  migration?: string;
  /** Where a settlement is tried on the lines of a period; '' where none is in force, or not his to try. */
  trial?: string;
}

export interface Surroundings {
  where: Where;
  api: Api;
  library: LibraryStore;
  regions: RegionStore;
}

const SurroundingsContext = createContext<Surroundings | null>(null);
const EditorContext = createContext<Editor | null>(null);
const DocumentContext = createContext<DocumentStore | null>(null);

export const WithSurroundings = SurroundingsContext.Provider;
export const WithEditor = EditorContext.Provider;

/** Around whatever draws a document: the open draft, or an old version that is only looked at. */
export function WithDocument<D extends Doc>({ store, children }: { store: DocumentStore<D>; children: React.ReactNode }) {
  return <DocumentContext.Provider value={store as unknown as DocumentStore}>{children}</DocumentContext.Provider>;
}

export function useSurroundings(): Surroundings {
  return here(useContext(SurroundingsContext));
}

export function useEditor(): Editor {
  return here(useContext(EditorContext));
}

export function useDocument<D extends Doc = Doc>(): DocumentStore<D> {
  return here(useContext(DocumentContext)) as unknown as DocumentStore<D>;
}

/** A part of the open document's state; drawn anew only when that part changes. */
export function useOpen<T, D extends Doc = Doc>(part: (open: Open<D>) => T): T {
  return useStore(useDocument<D>(), part);
}

/** A part of the draft. `D` is the document type that the editor is for. */
export function useDraft<D extends Doc, T>(part: (draft: D) => T): T {
  return useStore(useDocument<D>(), (open) => part(open.draft));
}

export function useVerbs<D extends Doc = Doc>(): Verbs<D> {
  return useDocument<D>().verbs;
}

export function useLibrary<T>(part: (library: Library) => T): T {
  return useStore(useSurroundings().library, part);
}

function here<T>(found: T | null): T {
  if (!found) throw new Error('used outside the builder');
  return found;
}
