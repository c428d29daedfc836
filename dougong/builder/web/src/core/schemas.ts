/** Reading the JSON Schemas of settings. */
import { same } from './same';
import type { Problem, Schema } from './types';

/** Widgets whose choice decides what the settings beside them can be. */
const LEADING = ['people', 'table', 'settlement', 'form', 'entity'];

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

/** Is this problem one of a setting: at it, inside it, or that it is missing? `pointer` leads to the settings, `key` names the one. */
export function concerns({ code, params, path }: Problem, pointer: string, key: string, setting: Schema): boolean {
  if (code === 'schema.required' && path === pointer) return params['key'] === key || same(params['key'], setting['x-title']);
  return path === `${pointer}/${key}` || path.startsWith(`${pointer}/${key}/`);
}
