/** Reading the JSON Schemas of settings. */
import type { Schema } from './types';

/** Widgets whose choice decides what the settings beside them can be. */
const LEADING = ['people', 'settlement', 'form', 'entity'];

/** What the others depend on first, then what must be said, the long table of rights last; else as the type declares it. */
export function ordered(schema: Schema): [string, Schema][] {
  const weight = ([key, one]: [string, Schema]) => {
    const widget = one['x-widget'] ?? '';
    if (widget === 'rights') return 3;
    if (!schema.required?.includes(key)) return 2;
    return LEADING.includes(widget) ? 0 : 1;
  };
  return Object.entries(schema.properties ?? {}).sort((one, other) => weight(one) - weight(other));
}
