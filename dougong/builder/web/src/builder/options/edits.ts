/** Edits of a list of options: pure functions from list to list. */
import type { Option, Text } from '../../core/types';
import { newUid } from '../../core/uid';

export const MOST_OPTIONS = 500;
const OPTION_KEY = /^[A-Za-z0-9_.-]{1,40}$/;

export function isOptionKey(text: string): boolean {
  return OPTION_KEY.test(text);
}

export function addOption(options: readonly Option[], title: Text, wish = ''): Option[] {
  if (options.length >= MOST_OPTIONS) return [...options];
  return [...options, { uid: newUid(), key: freeOptionKey(options, wish), title }];
}

function freeOptionKey(options: readonly Option[], wish: string): string {
  const taken = new Set(options.map((option) => option.key));
  if (isOptionKey(wish) && !taken.has(wish)) return wish;
  let number = options.length + 1;
  while (taken.has(`option_${number}`)) number += 1;
  return `option_${number}`;
}

function isStub({ key, title }: Option): boolean {
  return key === `option_${title['en']?.replace('Option ', '')}` && title['zh-Hans'] === title['en']?.replace('Option', '选项');
}

/** One option a line: Chinese title, then English title and key if a tab or a bar parts them. Titles that are there already are left out;
 * options as they came with the field, which nobody has called anything yet, make way. */
export function pasteOptions(options: readonly Option[], text: string): Option[] {
  let found = [...options];
  for (const line of text.split(/\r?\n/)) {
    const [zh = '', en = '', key = ''] = line.split(/\t|\s*[|｜]\s*/).map((part) => part.trim());
    if (!zh || found.some((option) => option.title['zh-Hans'] === zh)) continue;
    found = addOption(found.filter((option) => !isStub(option)), { 'zh-Hans': zh.slice(0, 200), en: (en || zh).slice(0, 200) }, key);
  }
  return found;
}

export function changeOption(options: readonly Option[], uid: string, part: Partial<Option>): Option[] {
  return options.map((option) => (option.uid === uid ? { ...option, ...part } : option));
}

export function removeOption(options: readonly Option[], uid: string): Option[] {
  return options.filter((option) => option.uid !== uid);
}
