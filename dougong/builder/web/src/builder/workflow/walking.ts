/** What a walk says: lines of a story made out of what was offered and filled in, and told again in words. */
import { clockAt } from '../../core/clock';
import { informed } from '../../core/fields';
import { has, pick, t } from '../../core/i18n';
import { documentOf, fieldType, type Library } from '../../core/library';
import { momentOf } from '../../core/moments';
import { parts, put } from '../../core/pointer';
import { holds } from '../../core/rules';
import { same } from '../../core/same';
import { rulesOf } from '../../core/trees';
import type { Config, FormDoc, StoryLine, Tree } from '../../core/types';
import type { Ask, Offer, Told } from './useWalk';

/** A role or a head goes by its name where the story names nobody. */
export function personName(library: Library, name: string): string {
  const code = `builder.who.${name}`;
  return pick(documentOf(library, 'role', name)?.title) || (has(code) ? t(code) : name);
}

/** A value as it is filled in: what it points at by its id, a place by its code. */
export function typed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(typed);
  const { id, region } = (value ?? {}) as { id?: string; region?: string };
  return id ?? region ?? value;
}

/** What was filled in anew; null where something was taken out. */
export function changed(before: Config, values: Config): Config {
  const keys = [...new Set([...Object.keys(values), ...Object.keys(before)])];
  return Object.fromEntries(keys.filter((key) => !same(before[key], values[key])).map((key) => [key, values[key] ?? null]));
}

const HEADS = ['unit', 'unit_head', 'nth_head', 'heads_up'];

/** The roles that steps are for, by key, and heads and units by how they are meant: what a story names its people by. */
export function namesIn(settings: unknown): string[] {
  if (!settings || typeof settings !== 'object') return [];
  const { by, role } = settings as { by?: unknown; role?: unknown };
  const here = [typeof by === 'string' && typeof role === 'string' ? role : HEADS.includes(String(by)) ? String(by) : ''].filter(Boolean);
  return [...new Set([...here, ...Object.values(settings).flatMap(namesIn)])];
}

const BEGINS = { at: '2026-01-05T09:00', zone: 'UTC' }; // where a story does not say

/** What the clock of a walk shows, and where. */
export function timeOf({ say, clock = BEGINS }: Told): { at: string; zone: string } {
  return { ...clock, at: say.reduce((at, [, , how]) => String(how?.['at'] ?? at), clock.at) };
}

/** The fields that are not seen with these data. One whose condition cannot be decided here is seen. */
export function unseen(form: FormDoc | undefined, library: Library, data: Config, { at, zone } = BEGINS): Set<string> {
  const clock = clockAt(new Date(momentOf(at, zone)), zone);
  const fields = (form?.sections ?? []).flatMap((section) => section.fields);
  const kinds = Object.fromEntries(fields.map((field) => [field.key, informed(field, library).kind]));
  const computed = new Set(fields.filter(({ type }) => fieldType(library, type)?.computed).map(({ key }) => key));
  const shows = (tree: Tree | undefined) => {
    try {
      return rulesOf(tree).some(({ field }) => computed.has(field)) || holds(tree, kinds, data, clock);
    } catch {
      return true;
    }
  };
  return new Set((form?.sections ?? []).flatMap((section) => section.fields.filter((field) => !shows(section.visible_when) || !shows(field.visible_when))).map(({ key }) => key));
}

/** What was asked and answered; null where something is missing. */
export function answered(asks: readonly Ask[], said: Config): Config | null {
  const found: Config = {};
  for (const ask of asks) {
    const value = said[ask.key];
    const text = typeof value === 'string' ? value.trim() : '';
    switch (ask.kind) {
      case 'step':
        found[ask.key] = text || ask.among[0];
        break;
      case 'person':
        found[ask.key] = text || ask.among?.[0];
        break;
      case 'yes':
        found[ask.key] = value === true;
        break;
      case 'text':
        found[ask.key] = text || (ask.needed ? undefined : '');
        break;
      case 'persons':
        found[ask.key] = Array.isArray(value) && value.length ? value : undefined;
        break;
      case 'chosen': {
        const chosen = Array.isArray(value) ? value : [];
        if (chosen.length < ask.least || chosen.length > ask.most) return null;
        found['chosen'] = { ...(found['chosen'] as object), [ask.key]: chosen };
        break;
      }
      case 'content':
        found[ask.key] = ask.pairs.reduce((body, { from, field }) => put(body, from.startsWith('/') ? parts(from) : [from], (value as Config | undefined)?.[field]), {} as Config);
    }
  }
  return Object.values(found).includes(undefined) ? null : found;
}

/** `said`: what was asked and answered with it. */
export function lineOf(node: string, how: Config, { signal, fills, brings }: Offer, values: Config, said: Config): StoryLine {
  const extra = { ...brings, ...said };
  if (!fills) return [node, extra, { ...how, signal }];
  return [node, values, { ...how, signal, ...(Object.keys(extra).length ? { said: extra } : {}) }];
}

export function wordOf(word: string): string {
  const code = `builder.walk.do.${word}`;
  return t(has(code) ? code : 'builder.walk.do.other');
}

/** What was done: in a word, by whom, and to whom or to which step. */
export function told([, brought, how]: StoryLine, title: (uid: string) => string, name: (person: string) => string): string {
  const said = (how?.['said'] ?? {}) as Config;
  const signal = String(how?.['signal'] ?? 'submitted');
  const persons = (said['add'] ?? (signal.startsWith('add_') ? brought['persons'] : signal === 'transfer' || signal === 'delegate' ? [brought['to']] : signal === 'remove_signer' ? [brought['person']] : [])) as string[] | undefined;
  const to = signal === 'send_back' ? [title(String(brought['to']))] : (persons ?? []).map(name);
  const by = typeof how?.['by'] === 'string' ? name(how['by']) : '';
  const at = String(how?.['at'] ?? '').replace('T', ' ');
  return [by, wordOf(said['add'] ? 'add_after' : signal), to.length ? `→ ${to.join('、')}` : '', at && `· ${at}`].filter(Boolean).join(' ');
}
