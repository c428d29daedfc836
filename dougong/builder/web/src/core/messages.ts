/** The message catalogue of the platform, taken in when the island is built: pages and island say the same words. */
import type { Text } from './types';

const areas = import.meta.glob<Record<string, Text>>('../../../../messages/*.json', { eager: true, import: 'default' });

export const CATALOGUE: Record<string, Text> = Object.assign({}, ...Object.values(areas));
