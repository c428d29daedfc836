/** Conditions as trees: what they are made of. How they are decided stands in `rules.ts`, which what is only drawn does not need. */
import type { Rule, Tree } from './types';

export const MAX_DEPTH = 6;

export function isTree(rule: Rule | Tree): rule is Tree {
  return 'rules' in rule;
}

/** Every single comparison of a tree, in order. */
export function rulesOf(tree: Tree | null | undefined): Rule[] {
  return (tree?.rules ?? []).flatMap((rule) => (isTree(rule) ? rulesOf(rule) : [rule]));
}
