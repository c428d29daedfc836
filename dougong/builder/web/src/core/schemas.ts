/** Reading the JSON Schemas of settings. */
import { same } from './same';
import type { Config, Problem, Schema, Text } from './types';

/** Widgets whose choice decides what the settings beside them can be. */
const LEADING = ['people', 'table', 'settlement', 'form', 'entity'];

/** What is long comes behind all that it depends on. */
const LAST = ['record-values', 'rights'];

/** What the others depend on first, then what must be said, what is long last; else as the type declares it. */
export function ordered(schema: Schema): [string, Schema][] {
  const weight = ([key, one]: [string, Schema]) => {
    const widget = one['x-widget'] ?? '';
    if (LAST.includes(widget)) return 3 + LAST.indexOf(widget);
    if (!schema.required?.includes(key) && widget !== 'rows-field') return 2;
    return LEADING.includes(widget) ? 0 : 1;
  };
  return Object.entries(schema.properties ?? {}).sort((one, other) => weight(one) - weight(other));
}

/** Is this problem one of a setting: at it, inside it, or that it is missing? `pointer` leads to the settings, `key` names the one. */
export function concerns({ code, params, path }: Problem, pointer: string, key: string, setting: Schema): boolean {
  if (code === 'schema.required' && path === pointer) return params['key'] === key || same(params['key'], setting['x-title']);
  return path === `${pointer}/${key}` || path.startsWith(`${pointer}/${key}/`);
}

/** What a setting says, or means where it says nothing. */
export function meant(schema: Schema, config: Config, key: string): unknown {
  const property = schema.properties?.[key];
  const other = Object.entries(property?.['x-defaults'] ?? {}).map(([name, values]) => values[String(meant(schema, config, name))]);
  return config[key] ?? other.find((one) => one !== undefined) ?? property?.default;
}

/** Does a setting matter beside the others, as they are set? */
export function matters(schema: Schema, config: Config, key: string): boolean {
  const { 'x-when': when = {}, 'x-any': any } = schema.properties?.[key] ?? {};
  if (any && config[key] === undefined && !any.some((name) => config[name] === true)) return false;
  const asked = Object.entries(when);
  return asked.every(([name, values]) => values.includes(String(meant(schema, config, name))));
}

/** The settings of an entry of a list, with the choices that are allowed beside the list; one that was made stays. */
export function offered(entry: Schema, row: Config, beside: Config): Schema {
  const properties = Object.entries(entry.properties ?? {}).map(([key, one]) => {
    const asked = one['x-offered'];
    if (!asked || !one.enum) return [key, one];
    return [key, { ...one, enum: one.enum.filter((value) => !asked[value] || beside[asked[value]] === true || row[key] === value) }];
  });
  return { ...entry, properties: Object.fromEntries(properties) };
}

/** Is something missing without which such a step cannot be done? */
export function lacks(schema: Schema, config: Config): boolean {
  return Object.entries(schema.properties ?? {}).some(([key, one]) => one['x-needed'] && config[key] === undefined && matters(schema, config, key));
}

export interface Section {
  title?: Text;
  settings: [string, Schema][];
}

/** The settings in the sections that they fold away with. What belongs to none, or would be alone in one, stands by itself. */
export function sections(settings: [string, Schema][]): Section[] {
  const found: Section[] = [];
  for (const setting of settings) {
    const title = setting[1]['x-group'];
    const known = title && found.find((one) => same(one.title, title));
    if (known) known.settings.push(setting);
    else found.push({ ...(title ? { title } : {}), settings: [setting] });
  }
  return found.map(({ title, settings: inside }) => (title && inside.length > 1 ? { title, settings: inside } : { settings: inside }));
}

/** What is looked at in most steps: their section is open from the beginning. */
const LOOKED_AT = ['rights'];

export function opensAtFirst({ settings }: Section): boolean {
  return settings.some(([, one]) => one['x-told'] || one['x-needed'] || LOOKED_AT.includes(one['x-widget'] ?? ''));
}

/** The words of a choice without what stands in brackets behind them: 会签（须所有人同意） is 会签. */
export function brief(words: string): string {
  return words.replace(/\s*[（(].*[）)]$/, '') || words;
}
