/** Words: texts by code from the catalogue, and texts keyed by language, in the language of the page. */
import { CATALOGUE, loadMore } from './messages';
import { wallOf } from './moments';
import type { Text } from './types';

export const LANGUAGES = ['zh-Hans', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];

/** What a language is called beside an input, where its tag would not do. */
const TAGS: Readonly<Record<string, string>> = { 'zh-Hans': '中', 'zh-Hant': '繁' };

export function tagOf(tag: string): string {
  return TAGS[tag] ?? tag.toUpperCase();
}

const BESIDE = 4;

/** In which languages a text is written in place: of many the first, and those that it has; the table of all texts has the rest. */
export function writtenIn(languages: readonly string[], text: Text | undefined): string[] {
  return languages.filter((tag, index) => index < BESIDE || text?.[tag]);
}

export function language(): Language {
  const tag = typeof document === 'undefined' ? '' : document.documentElement.lang;
  return tag.toLowerCase().startsWith('en') ? 'en' : 'zh-Hans';
}

/** In which language the reader wants what a company wrote: one of its own perhaps, in which the platform does not speak. */
export function reads(): string {
  return (typeof document !== 'undefined' && document.documentElement.dataset['reads']) || language();
}

/** In which languages a text is looked for, as on the pages: the reader's, then those of the platform, the nearest first. */
function order(tag: string): string[] {
  return [tag, ...(tag.startsWith('zh') ? LANGUAGES : LANGUAGES.toReversed())];
}

/** For a part of the island that says more than the first picture: inspectors, dialogs, the other editors. */
export async function withMore<T>(part: Promise<T>): Promise<T> {
  const [found] = await Promise.all([part, loadMore(language())]);
  return found;
}

/** A text keyed by language, in the reader's; else in the nearest language that it has. */
export function pick(text: Text | string | null | undefined, tag: string = reads()): string {
  if (!text) return '';
  if (typeof text === 'string') return text;
  for (const one of [...order(tag), ...Object.keys(text)]) if (text[one]) return text[one];
  return '';
}

/** The text of a code, its {gaps} filled. An unknown code is shown as it is (a test keeps that from happening). */
export function t(code: string, params: Record<string, unknown> = {}, tag: string = language()): string {
  const text = CATALOGUE[code];
  if (!text) return code;
  return fill(pick(text, tag), params, tag);
}

/** （中文）, （日语）: behind the name of what is written in that language. */
export function bracketed(tag: string): string {
  const code = `builder.language.${tag}`;
  return has(code) ? t(code) : t('builder.language.other', { name: new Intl.DisplayNames([language()], { type: 'language' }).of(tag) ?? tag });
}

export function has(code: string): boolean {
  return code in CATALOGUE;
}

export function fill(text: string, params: Record<string, unknown>, tag: string = language()): string {
  return text.replace(/\{(\w+)\}/g, (gap, name: string) => (name in params ? worded(params[name], tag) : gap));
}

function worded(value: unknown, tag: string): string {
  if (value && typeof value === 'object') {
    const reason = value as { code?: string; params?: Record<string, unknown> };
    return reason.code ? t(reason.code, reason.params, tag) : pick(value as Text, tag === language() ? reads() : tag);
  }
  return value === null || value === undefined ? '—' : String(value);
}

/** "一、二和三" is not how lists are read in Chinese: 、 between all; in English a comma. */
export function listed(words: string[], tag: string = language()): string {
  return words.join(tag === 'en' ? ', ' : '、');
}

/** A moment as the server keeps it, in the company's zone, as on the pages: 2026-03-05 14:20. */
export function when(moment: string): string {
  return wallOf(moment) || moment;
}
