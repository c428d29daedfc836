/** The steps that somebody looks for: by a name in any language, by what the trade calls them besides, or by pinyin initials. */
import { isCalled } from '../../core/initials';
import type { NodeType } from '../../core/types';

/** `by`: the other name that was meant. */
export function called(types: readonly NodeType[], wanted: string): { type: NodeType; by?: string }[] {
  return types.flatMap((type) => {
    if (isCalled(type.title, wanted)) return [{ type }];
    const by = type.also?.find((name) => isCalled({ name }, wanted));
    return by ? [{ type, by }] : [];
  });
}
