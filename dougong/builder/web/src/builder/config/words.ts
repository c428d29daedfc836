/** What is set in a section that is folded away, in a few words; empty where all is as usual. */
import { pick } from '../../core/i18n';
import { brief } from '../../core/schemas';
import type { Config, Schema } from '../../core/types';

export function setWords(settings: readonly [string, Schema][], config: Config): string {
  return settings
    .filter(([key]) => config[key] !== undefined)
    .map(([key, one]) => (one.enum ? brief(pick(one['x-options']?.[String(config[key])])) : '') || pick(one['x-title']))
    .join(' · ');
}
