/** What a chosen record fills in: pairs of fields of the same kind. */
import type { FieldInfo } from '../../core/fields';
import { pick } from '../../core/i18n';

export interface Fill {
  from: string;
  to: string;
}

/** The fields that this source may fill: of its kind, and not calculated. */
export function fillable(targets: readonly FieldInfo[], source: FieldInfo | undefined): FieldInfo[] {
  return targets.filter((one) => one.kind === source?.kind && !one.type.startsWith('formula'));
}

/** One more pair: the first source that is not used yet and a target of its kind that nobody fills yet; undefined where there is none. */
export function addFill(fills: readonly Fill[], sources: readonly FieldInfo[], targets: readonly FieldInfo[]): Fill[] | undefined {
  const pairs = sources.flatMap((source) => fillable(targets, source).map((target) => ({ source, target, from: source.key, to: target.key })));
  const free = pairs.filter(({ from, to }) => !fills.some((one) => one.from === from || one.to === to));
  const best = free.find(({ source, target }) => isAlike(source, target)) ?? free[0] ?? pairs.find(({ from, to }) => !fills.some((one) => one.from === from && one.to === to));
  return best && [...fills, { from: best.from, to: best.to }];
}

/** Pairs that go without saying: the same key or title, of the same kind, neither used yet. */
export function matching(sources: readonly FieldInfo[], targets: readonly FieldInfo[], fills: readonly Fill[]): Fill[] {
  const found: Fill[] = [];
  for (const source of sources) {
    const taken = [...fills, ...found];
    if (taken.some((one) => one.from === source.key)) continue;
    const target = fillable(targets, source).find((one) => isAlike(source, one) && !taken.some(({ to }) => to === one.key));
    if (target) found.push({ from: source.key, to: target.key });
  }
  return found;
}

function isAlike(one: FieldInfo, other: FieldInfo): boolean {
  return one.key === other.key || pick(one.title, 'zh-Hans') === pick(other.title, 'zh-Hans');
}
