/** Provinces, cities and districts as the server names them, read level by level when they are needed. A code begins with that of what it lies in. */
import { createStore, type StoreApi } from 'zustand/vanilla';

import type { Api } from './api';
import { language } from './i18n';

export interface RegionOption {
  code: string;
  name: string;
  /** Does anything lie in it? */
  more: boolean;
}

export interface Regions {
  /** By the code of what they lie in; '' the provinces. */
  children: Record<string, RegionOption[]>;
  names: Record<string, string>;
}

export interface RegionStore extends StoreApi<Regions> {
  load(parent: string): Promise<void>;
  /** Everything on the way down to a code, so that it can be named. */
  reach(code: string): Promise<void>;
}

export function openRegions(api: Api): RegionStore {
  const store = createStore<Regions>(() => ({ children: {}, names: {} }));
  const asked = new Map<string, Promise<void>>();

  function load(parent: string): Promise<void> {
    const known = asked.get(parent);
    if (known) return known;
    const answer = api.get<RegionOption[]>(`/regions?parent=${encodeURIComponent(parent)}`).then((found) => {
      const { children, names } = store.getState();
      store.setState({
        children: { ...children, [parent]: found },
        names: { ...names, ...Object.fromEntries(found.map((one) => [one.code, one.name])) },
      });
    });
    asked.set(parent, answer);
    answer.catch(() => asked.delete(parent));
    return answer;
  }

  const reach = async (code: string) => {
    for (const parent of ['', ...steps(code)].slice(0, -1)) await load(parent);
  };
  return Object.assign(store, { load, reach });
}

/** 440305: 44, 4403, 440305. */
export function steps(code: string): string[] {
  return [2, 4, 6, 9]
    .filter((length) => length < code.length)
    .map((length) => code.slice(0, length))
    .concat(code);
}

/** 广东省深圳市南山区; Nanshan, Shenzhen, Guangdong. Undefined until it has been read. */
export function fullName(code: string, names: Record<string, string>, tag: string = language()): string | undefined {
  const found = steps(code)
    .map((step) => names[step])
    .filter((name): name is string => Boolean(name));
  if (!names[code]) return undefined;
  return tag === 'en' ? found.toReversed().join(', ') : found.join('');
}
