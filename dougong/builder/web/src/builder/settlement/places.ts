/** Places by their names, as people paste them: 广东省, 广东省深圳市, Shenzhen. Read level by level from the server as far as the names lead. */
import type { Regions, RegionStore } from '../../core/regions';
import { fullName } from '../../core/regions';

const SUFFIX = /(?:特别行政区|自治区|自治州|地区|省|市|区|县)$/;

/** The code of a place among those that have been read; null where its name is not known. */
export function placeCode(name: string, { children, names }: Regions): string | null {
  const path = descend(name, children, '');
  if (path !== null) return path;
  const same = (code: string) => [names[code], fullName(code, names, 'zh-Hans'), fullName(code, names, 'en')].some((one) => one?.toLowerCase() === name.toLowerCase());
  return Object.keys(names).find(same) ?? null;
}

/** Whole names from the province down: each level takes its own off the front. */
function descend(name: string, children: Regions['children'], parent: string): string | null {
  for (const { code, name: own } of children[parent] ?? []) {
    if (name === own || name === own.replace(SUFFIX, '')) return code;
    const rest = name.startsWith(own) ? name.slice(own.length) : null;
    const deeper = rest && descend(rest.replace(/^[\s/-]+/, ''), children, code);
    if (deeper) return deeper;
  }
  return null;
}

const SPLIT = /\s*[、,，;；|\n]\s*/;

/** Reads what is needed to know these names: the provinces, then what lies in those that a name begins with. */
export async function readPlaces(texts: readonly string[], regions: RegionStore): Promise<void> {
  await regions.load('');
  const names = texts.flatMap((text) => text.replace(/^(?:除|非)\s*|\s*外$/g, '').split(SPLIT)).filter(Boolean);
  await Promise.all(names.map((name) => reach(name, '', regions)));
}

async function reach(name: string, parent: string, regions: RegionStore): Promise<void> {
  const found = (regions.getState().children[parent] ?? []).find((one) => one.more && name.startsWith(one.name) && name !== one.name);
  if (!found) return;
  await regions.load(found.code);
  await reach(name.slice(found.name.length).replace(/^[\s/-]+/, ''), found.code, regions);
}
