/** A tree of options as an outline: a line an option, what lies in it indented; titles and key parted by bars. */
import type { Text } from '../../core/types';
import { newUid } from '../../core/uid';
import { isOptionKey, MOST_OPTIONS } from './edits';

export interface Branch {
  uid: string;
  key: string;
  title: Text;
  parent?: string;
}

/** 家电 | Appliances | appliances, with two blanks for each level. */
export function outlined(branches: readonly Branch[]): string {
  const lines: string[] = [];
  const told = new Set<string>();
  const tell = (one: Branch, depth: number) => {
    if (told.has(one.key)) return;
    told.add(one.key);
    lines.push(`${'  '.repeat(depth)}${one.title['zh-Hans'] ?? ''} | ${one.title['en'] ?? ''} | ${one.key}`);
    for (const inner of branches.filter(({ parent }) => parent === one.key)) tell(inner, depth + 1);
  };
  for (const one of branches.filter(({ parent }) => !parent || !branches.some(({ key }) => key === parent))) tell(one, 0);
  return lines.join('\n');
}

/** An option keeps its uid by its key; a line without a key, or with one that is taken, gets another. Cells of a spreadsheet indent, too. */
export function fromOutline(text: string, before: readonly Branch[] = []): Branch[] {
  const found: Branch[] = [];
  const above: { depth: number; key: string }[] = [];
  for (const line of text.split(/\r?\n/)) {
    const [zh = '', en = '', wish = ''] = line.split(/[|｜]/).map((part) => part.trim());
    if (!zh && !en) continue;
    const depth = depthOf(line);
    while (above.length && (above.at(-1)?.depth ?? 0) >= depth) above.pop();
    const parent = above.at(-1)?.key;
    const key = freeKey(found, before, wish, parent, zh);
    const uid = before.find((one) => one.key === key)?.uid ?? newUid();
    found.push({ uid, key, title: { 'zh-Hans': (zh || en).slice(0, 200), en: (en || zh).slice(0, 200) }, ...(parent ? { parent } : {}) });
    above.push({ depth, key });
    if (found.length === MOST_OPTIONS) break;
  }
  return found;
}

/** A tab is as deep as two blanks; 全角 ones count, too. */
function depthOf(line: string): number {
  const blanks = /^[\t \u3000]*/.exec(line)?.[0] ?? '';
  return [...blanks].reduce((sum, one) => sum + (one === ' ' ? 1 : 2), 0);
}

function freeKey(found: readonly Branch[], before: readonly Branch[], wish: string, parent: string | undefined, zh: string): string {
  const taken = new Set(found.map((one) => one.key));
  if (isOptionKey(wish) && !taken.has(wish)) return wish;
  const same = before.find((one) => one.parent === parent && one.title['zh-Hans'] === zh && !taken.has(one.key));
  if (same && !wish) return same.key;
  const known = new Set([...taken, ...before.map((one) => one.key)]);
  let number = found.length + 1;
  while (known.has(`option_${number}`)) number += 1;
  return `option_${number}`;
}
