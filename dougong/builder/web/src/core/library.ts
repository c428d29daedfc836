/** What surrounds the open document: the vocabulary of the platform, and the tenant's other documents with their drafts. */
import { createStore, type StoreApi } from 'zustand/vanilla';

import type { Api } from './api';
import type { Doc, FieldType, Kind, Listed, NodeType, OperatorType, Text, Vocabulary } from './types';

export interface Library {
  vocabulary: Vocabulary;
  documents: Listed[];
}

export interface LibraryStore extends StoreApi<Library> {
  /** Read the documents anew: another tab may have changed them. */
  refresh(): Promise<void>;
  /** A new document; answers its key. */
  create(kind: Kind, title: Text): Promise<string>;
}

export async function openLibrary(api: Api): Promise<LibraryStore> {
  const [vocabulary, documents] = await Promise.all([api.get<Vocabulary>('/vocabulary'), api.get<Listed[]>('/documents')]);
  const store = createStore<Library>(() => ({ vocabulary, documents }));
  const refresh = async () => store.setState({ documents: await api.get<Listed[]>('/documents') });
  return Object.assign(store, {
    refresh,
    create: async (kind: Kind, title: Text) => {
      const { id } = await api.post<{ id: string }>('/documents', { kind, title });
      await refresh();
      return store.getState().documents.find((one) => one.id === id)?.key ?? '';
    },
  });
}

export function documentsOf<D extends Doc>(library: Library, kind: Kind): Listed<D>[] {
  return library.documents.filter((one) => one.kind === kind) as Listed<D>[];
}

export function documentOf<D extends Doc>(library: Library, kind: Kind, key: string | undefined): Listed<D> | undefined {
  return documentsOf<D>(library, kind).find((one) => one.key === key);
}

export function nodeType(library: Library, name: string): NodeType | undefined {
  return library.vocabulary.nodes.find((one) => one.name === name);
}

export function fieldType(library: Library, name: string): FieldType | undefined {
  return library.vocabulary.fields.find((one) => one.name === name);
}

export function operatorsFor(library: Library, kind: string): OperatorType[] {
  return library.vocabulary.operators.filter((one) => one.kinds.includes(kind));
}
