/** Somebody who changes a document at random, the same way for the same seed. */
type Json = Record<string, unknown>;

export interface Hand {
  /** At most so many changes. */
  change<D extends object>(doc: D, most: number): D;
}

export function hand(seed: number, name: string): Hand {
  let state = seed * 7919 + name.charCodeAt(0);
  let made = 0;
  const random = () => {
    state = (state + 0x6d2b79f5) | 0;
    let one = Math.imul(state ^ (state >>> 15), 1 | state);
    one = (one + Math.imul(one ^ (one >>> 7), 61 | one)) ^ one;
    return ((one ^ (one >>> 14)) >>> 0) / 4294967296;
  };
  const oneOf = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
  const fresh = () => `${name}${seed}_${(made += 1)}`;

  const EDITS: ((doc: Json) => void)[] = [
    (doc) => {
      const list = oneOf(listsOf(doc));
      const like = oneOf(list) as Json;
      list.splice(Math.floor(random() * (list.length + 1)), 0, { ...structuredClone(like), uid: fresh(), ...('fields' in like ? { fields: [] } : {}) });
    },
    (doc) => {
      const list = oneOf(listsOf(doc));
      list.splice(Math.floor(random() * list.length), 1);
    },
    (doc) => ((oneOf(oneOf(listsOf(doc))) as Json)['title'] = { 'zh-Hans': fresh(), en: 'as before' }),
    (doc) => {
      const one = oneOf(oneOf(listsOf(doc))) as Json;
      one['config'] = { ...(one['config'] as Json | undefined), [oneOf(['who', 'due', 'help'])]: { is: fresh() } };
    },
    (doc) => (doc['description'] = { ...(doc['description'] as Json | undefined), [oneOf(['zh-Hans', 'en'])]: fresh() }),
    (doc) => {
      const list = oneOf(listsOf(doc));
      const [one] = list.splice(Math.floor(random() * list.length), 1);
      list.splice(Math.floor(random() * (list.length + 1)), 0, one as Json);
    },
    (doc) => {
      const sections = (doc['sections'] ?? []) as { fields: Json[] }[];
      const full = sections.filter((one) => one.fields.length);
      if (!full.length) return;
      const [field] = oneOf(full).fields.splice(0, 1);
      oneOf(sections).fields.push(field as Json);
    },
  ];

  return {
    change: (doc, most) => {
      const next = structuredClone(doc) as Json;
      const times = 1 + Math.floor(random() * most);
      for (let index = 0; index < times; index += 1) if (listsOf(next).length) oneOf(EDITS)(next);
      return next as typeof doc;
    },
  };
}

/** Every list of elements that is not empty, however deep. */
function listsOf(value: unknown): Json[][] {
  if (Array.isArray(value)) {
    const own = value.length && value.every((one) => (one as Json | null)?.['uid']) ? [value as Json[]] : [];
    return [...own, ...value.flatMap(listsOf)];
  }
  return value && typeof value === 'object' ? Object.values(value).flatMap(listsOf) : [];
}
