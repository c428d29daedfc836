/** The message catalogue of the platform: pages and island say the same words. Of it the areas that the island says are loaded, in the language of the page. */
import type { Text } from './types';

export const CATALOGUE: Record<string, Text> = {};

const LOADERS: Record<string, () => Promise<{ default: Record<string, string> }>> = {
  'zh-Hans': () => import('virtual:catalogue/zh-Hans'),
  en: () => import('virtual:catalogue/en'),
};

/** Before anything is said in a language. */
export async function loadMessages(tag: string): Promise<void> {
  const texts = (await LOADERS[tag]?.())?.default ?? {};
  for (const [code, words] of Object.entries(texts)) CATALOGUE[code] = { ...CATALOGUE[code], [tag]: words };
}
