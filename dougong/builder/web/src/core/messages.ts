/** The message catalogue of the platform: pages and island say the same words. Of it the areas that the island says are loaded, in the language of the page. */
import type { Text } from './types';

export const CATALOGUE: Record<string, Text> = {};

type Part = () => Promise<{ default: Record<string, string> }>;

/** What every window says, and what is not needed before the first picture of a workflow. */
const LOADERS: Record<string, readonly [Part, Part]> = {
  'zh-Hans': [() => import('virtual:catalogue/zh-Hans'), () => import('virtual:catalogue/zh-Hans/more')],
  en: [() => import('virtual:catalogue/en'), () => import('virtual:catalogue/en/more')],
};

/** Before anything is said in a language. */
export const loadMessages = (tag: string): Promise<void> => load(tag, 0);

export const loadMore = (tag: string): Promise<void> => load(tag, 1);

async function load(tag: string, part: 0 | 1): Promise<void> {
  const texts = (await LOADERS[tag]?.[part]())?.default ?? {};
  for (const [code, words] of Object.entries(texts)) CATALOGUE[code] = { ...CATALOGUE[code], [tag]: words };
}
