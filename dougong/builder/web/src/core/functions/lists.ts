/** Lists: the options that were chosen, and the pieces of a text (`runtime/functions/lists.py`). */
import { toInt, whole } from '../arithmetic';
import type { Decimal } from '../decimal';
import { bounded } from './texts';
import { blank, MOST, plainly, type FunctionOf, type Value } from './type';

type List = readonly string[];

/** Nothing is no piece; without a separator each character is one. */
function split(text: string, separator: string): List {
  if (!text) return [];
  return separator ? text.split(separator) : Array.from(text);
}

/** From 1, or from the end: -1. Nothing where there is none. */
function item(items: List, place: Decimal): string {
  const at = toInt(place);
  return (at ? items[at > 0 ? at - 1 : items.length + at] : '') ?? '';
}

const filled = (values: readonly Value[]) => values.filter((value) => !blank(value)).length;

export const LISTS: Record<string, FunctionOf> = {
  CONTAIN: plainly(['list', 'text'], 'boolean', (items: List, one: string) => items.includes(one)),
  COUNT: { takes: ['[any]'], gives: 'number', blanks: MOST, call: (values) => whole(filled(values)) },
  COUNTARRAY: plainly(['list'], 'number', (items: List) => whole(items.length)),
  COUNTBLANK: { takes: ['[any]'], gives: 'number', blanks: MOST, call: (values) => whole(values.length - filled(values)) },
  INDEX: plainly(['list', 'number'], 'text', item),
  JOIN: plainly(['list', 'text'], 'text', (items: List, mark = ',') => bounded(items.join(mark)), 1),
  SPLIT: plainly(['text', 'text'], 'list', split),
  UNION: plainly(['[list]'], 'list', (...lists: List[]) => [...new Set(lists.flat())]),
};
