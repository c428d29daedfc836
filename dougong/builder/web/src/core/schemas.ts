/** Reading the JSON Schemas of settings. */
import type { Schema } from './types';

/** What must be said first, the long table of rights last, the rest as the type declares it. */
export function ordered(schema: Schema): [string, Schema][] {
  const weight = ([key, one]: [string, Schema]) => (schema.required?.includes(key) ? 0 : one['x-widget'] === 'rights' ? 2 : 1);
  return Object.entries(schema.properties ?? {}).sort((one, other) => weight(one) - weight(other));
}
