/** Edits of a condition tree. A path is the way of indexes from the root; every function answers a new tree. */
import type { FieldInfo } from './fields';
import { isTree } from './trees';
import type { OperatorType, Rule, Scalar, Tree } from './types';
import { newUid } from './uid';

export type RulePath = readonly number[];

export function emptyTree(): Tree {
  return { uid: newUid(), combinator: 'and', rules: [] };
}

export function newRule(field: FieldInfo, operators: readonly OperatorType[]): Rule {
  return { uid: newUid(), field: field.key, operator: operators[0]?.name ?? 'equals' };
}

export function changeAt(tree: Tree, path: RulePath, change: (found: Rule | Tree) => Rule | Tree | null): Tree {
  const [first, ...rest] = path;
  if (first === undefined) return change(tree) as Tree;
  const inner = tree.rules[first];
  if (!inner) return tree;
  const next = rest.length && isTree(inner) ? changeAt(inner, rest, change) : change(inner);
  return { ...tree, rules: next ? tree.rules.with(first, next) : tree.rules.toSpliced(first, 1) };
}

export function added(tree: Tree, path: RulePath, rule: Rule | Tree): Tree {
  return changeAt(tree, path, (group) => (isTree(group) ? { ...group, rules: [...group.rules, rule] } : group));
}

/** Without what stands there; a group that is left empty goes too. Nothing left at all: no condition. */
export function removed(tree: Tree, path: RulePath): Tree | undefined {
  const next = pruned(changeAt(tree, path, () => null));
  return next.rules.length ? next : undefined;
}

function pruned(tree: Tree): Tree {
  const rules = tree.rules.map((rule) => (isTree(rule) ? pruned(rule) : rule)).filter((rule) => !isTree(rule) || rule.rules.length);
  return { ...tree, rules };
}

/** Another field: its operator stays where it may, a value only where the field is of the same type with the same options. */
export function withField(rule: Rule, before: FieldInfo | undefined, field: FieldInfo, operators: readonly OperatorType[]): Rule {
  const operator = operators.find((one) => one.name === rule.operator) ?? operators[0];
  const alike = before && before.type === field.type && !field.config?.['options'] && rule.source !== 'field';
  const { value, source: _, ...rest } = rule;
  const next: Rule = { ...rest, field: field.key, operator: operator?.name ?? rule.operator };
  return alike && operator && value !== undefined ? withOperator({ ...next, value }, operator) : next;
}

/** Another operator: what was given is kept as far as it can be compared with. `before`: the one it stood with. */
export function withOperator(rule: Rule, operator: OperatorType, before?: OperatorType): Rule {
  const { value, source, ...rest } = before && operandKind(before) !== operandKind(operator) ? without(rule) : rule;
  const given = (Array.isArray(value) ? value : [value]).filter((one): one is Scalar => one !== undefined && one !== '' && one !== null);
  const next: Rule = { ...rest, operator: operator.name };
  switch (operator.operand) {
    case 'none':
      return next;
    case 'one':
      return source === 'field'
        ? { ...next, source, ...(value === undefined ? {} : { value }) }
        : given.length
          ? { ...next, value: given[0] as Scalar }
          : next;
    case 'many':
      return source === 'field' || !given.length ? next : { ...next, value: given };
    case 'two':
      return source === 'field' ? next : { ...next, value: [given[0] ?? '', given[1] ?? ''] };
  }
}

function operandKind({ of, options }: OperatorType): string {
  return `${of ?? ''} ${Object.keys(options ?? {}).join()}`;
}

function without({ value: _, source: __, ...rest }: Rule): Rule {
  return rest;
}

/** Compare with a value or with another field; what stood there means something else then. */
export function withSource(rule: Rule, source: 'value' | 'field', other?: string): Rule {
  const { value: _, source: __, ...rest } = rule;
  return source === 'field' ? { ...rest, source, ...(other ? { value: other } : {}) } : rest;
}
