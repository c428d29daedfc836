/** Unsaved work kept in the browser, by tenant, document and the revision it was made on; offered again when the page is opened anew. */

export interface Kept<D> {
  draft: D;
  /** What it was made of: the draft that the server had at this revision. */
  base?: D;
  revision: number;
  at: number;
}

export interface Keep<D> {
  put(revision: number, draft: D, base: D): void;
  clear(): void;
  find(): Kept<D> | null;
}

export function localKeep<D>(tenant: string, document: string, storage: Storage = localStorage): Keep<D> {
  const prefix = `dougong:draft:${tenant}:${document}:`;
  const names = () => Array.from({ length: storage.length }, (_, index) => storage.key(index)).filter((name) => name?.startsWith(prefix)) as string[];

  function clear(): void {
    for (const name of names()) storage.removeItem(name);
  }

  return {
    clear,
    put(revision, draft, base) {
      const name = prefix + revision;
      try {
        storage.setItem(name, JSON.stringify({ draft, base, revision, at: Date.now() }));
        for (const other of names()) if (other !== name) storage.removeItem(other);
      } catch {
        // full or forbidden: the server still gets it, only the net under it is missing
      }
    },
    find() {
      const found = names().map((name) => read<D>(storage.getItem(name)));
      return found.filter((one) => one !== null).sort((one, other) => other.at - one.at)[0] ?? null;
    },
  };
}

function read<D>(text: string | null): Kept<D> | null {
  try {
    const found = JSON.parse(text ?? '') as Kept<D>;
    return typeof found.revision === 'number' && found.draft ? found : null;
  } catch {
    return null;
  }
}
