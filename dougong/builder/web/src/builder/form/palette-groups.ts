/** The field types of the palette in their groups, those that are looked for first. */
import { isCalled } from '../../core/initials';
import type { FieldType } from '../../core/types';

export interface Group {
  group: string;
  found: FieldType[];
}

/** In the order of the vocabulary. A type is found by any part of its name or help, in any language, and by its pinyin initials. */
export function grouped(types: readonly FieldType[], wanted = ''): Group[] {
  const words = wanted.trim().toLowerCase();
  const groups = new Map<string, FieldType[]>();
  for (const type of types) {
    const text = [type.name, ...Object.values(type.title), ...Object.values(type.help)].join(' ').toLowerCase();
    if (text.includes(words) || isCalled(type.title, words)) groups.set(type.group, [...(groups.get(type.group) ?? []), type]);
  }
  return [...groups].map(([group, found]) => ({ group, found }));
}
