/** Conditions, decided in the browser with the same answers as the server gives (`runtime/rules.py`); the server decides. No screen, no React. */
import type { Clock } from './clock';
import { OPERATORS, type Operator } from './operators';
import { isTree, MAX_DEPTH } from './trees';
import type { Rule, Tree } from './types';
import { comparable, ConditionFault, missing, type Comparable } from './values';

export { ConditionFault } from './values';

/** The key of who fills the form, in what a condition may name and in the data. */
export const ME = '@me';

/** The value kind of every field that may be asked, by key. */
export type Kinds = Readonly<Record<string, string>>;
export type Data = Readonly<Record<string, unknown>>;
/** Of each field that is a choice from a tree: what each option lies in. */
export type Trees = Readonly<Record<string, Readonly<Record<string, string | null>>>>;
/** null: not known yet. */
export type Answer = boolean | null;

type Judge = (data: Data, foreseeing: boolean, clock: Clock | undefined) => Answer;

/** Does the condition hold? Nothing asked always holds. `clock` is for comparisons with today. Raises ConditionFault where it cannot be decided. */
export function holds(tree: Tree | null | undefined, kinds: Kinds, data: Data, clock?: Clock, trees: Trees = {}): boolean {
  return tree?.rules.length ? Boolean(compiled(tree, kinds, 1, trees)(data, false, clock)) : true;
}

/** The same, but null where a field that matters has not been set yet, and where it depends on the day on which it will be asked. */
export function foresee(tree: Tree | null | undefined, kinds: Kinds, data: Data, trees: Trees = {}): Answer {
  return tree?.rules.length ? compiled(tree, kinds, 1, trees)(data, true, undefined) : true;
}

function compiled(tree: Tree, kinds: Kinds, level: number, trees: Trees): Judge {
  if (level > MAX_DEPTH) return faulty(new ConditionFault('condition.too_deep', { limit: MAX_DEPTH }));
  const judges = tree.rules.map((rule) => one(rule, kinds, level, trees));
  const decisive = tree.combinator === 'or'; // the answer that settles the whole at once
  const flip = Boolean(tree.not);
  return (data, foreseeing, clock) => {
    let unknown = false;
    for (const judge of judges) {
      const answer = judge(data, foreseeing, clock);
      if (answer === decisive) return decisive !== flip;
      unknown ||= answer === null;
    }
    return unknown ? null : !decisive !== flip;
  };
}

function one(rule: Rule | Tree, kinds: Kinds, level: number, trees: Trees): Judge {
  if (isTree(rule)) return rule.rules.length ? compiled(rule, kinds, level + 1, trees) : () => true;
  try {
    return comparison(rule, kinds, trees);
  } catch (fault) {
    if (fault instanceof ConditionFault) return faulty(fault);
    throw fault;
  }
}

/** One comparison. Raises ConditionFault where the field, the operator or the operand is wrong. */
export function comparison(rule: Rule, kinds: Kinds, trees: Trees = {}): Judge {
  const { field, operator: name } = rule;
  const kind = own(kinds, field);
  const operator = own(OPERATORS, name);
  if (kind === undefined) throw new ConditionFault('condition.unknown_field', { field });
  if (!operator?.kinds.includes(kind)) throw new ConditionFault('condition.operator_not_for_field', { field, operator: name });
  if (rule.source === 'field' && operator.operand === 'one') return againstField(rule, kind, operator, kinds);
  if (operator.me) return ofMe(field, kind, operator, kinds);
  const given = operandOf(rule, kind, operator);
  const parents = own(trees, field);
  if (operator.tree && !parents) throw new ConditionFault('condition.operator_not_for_field', { field, operator: name });
  const operand = operator.tree && parents ? withBelow(given as string[], parents) : given;
  return (data, foreseeing, clock) => {
    if (foreseeing && (operator.clock || own(data, field) === undefined)) return null;
    return decided(operator, own(data, field), kind, operand, field, clock);
  };
}

/** These options, and whatever lies in one of them. */
function withBelow(options: readonly string[], parents: Readonly<Record<string, string | null>>): string[] {
  const found = new Set(options);
  for (let before = -1; before < found.size; ) {
    before = found.size;
    for (const [key, parent] of Object.entries(parents)) if (parent !== null && found.has(parent)) found.add(key);
  }
  return [...found];
}

function againstField({ field, value: other }: Rule, kind: string, operator: Operator, kinds: Kinds): Judge {
  const key = String(other);
  const wanted = operator.of ?? kind;
  const otherKind = own(kinds, key);
  if (otherKind === undefined) throw new ConditionFault('condition.unknown_field', { field: key });
  if (otherKind !== wanted) throw new ConditionFault('condition.kinds_differ', { field, other });
  return (data, foreseeing, clock) => {
    const [value, against] = [own(data, field), own(data, key)];
    if (foreseeing && (operator.clock || value === undefined || against === undefined)) return null;
    if (missing(against)) return operator.ifMissing;
    return decided(operator, value, kind, typed(against, wanted, field), field, clock);
  };
}

function ofMe(field: string, kind: string, operator: Operator, kinds: Kinds): Judge {
  if (own(kinds, ME) === undefined) throw new ConditionFault('condition.nobody_fills', { field });
  return (data, foreseeing) => {
    const [value, me] = [own(data, field), own(data, ME)];
    if (foreseeing) return null;
    if (missing(value)) return operator.ifMissing;
    return !missing(me) && operator.holds(typed(value, kind, field), me as Comparable, undefined as unknown as Clock, kind);
  };
}

function decided(operator: Operator, value: unknown, kind: string, operand: Comparable | Comparable[], field: string, clock?: Clock): boolean {
  if (missing(value)) return operator.ifMissing;
  const found = typed(value, kind, field);
  if (operator.clock && !clock) throw new ConditionFault('condition.no_clock', { field });
  try {
    return operator.holds(found, operand, clock as Clock, kind);
  } catch (fault) {
    if (fault instanceof RangeError) throw wrongKind(value, kind, field); // a day outside of the calendar
    throw fault;
  }
}

function typed(value: unknown, kind: string, field: string): Comparable {
  try {
    return comparable(value, kind);
  } catch {
    throw wrongKind(value, kind, field);
  }
}

function wrongKind(value: unknown, kind: string, field: string): ConditionFault {
  return new ConditionFault('condition.wrong_kind', { field, kind, found: String(value).slice(0, 60) });
}

function operandOf({ field, value }: Rule, fieldKind: string, operator: Operator): Comparable | Comparable[] {
  const kind = operator.of ?? fieldKind;
  const listed = Array.isArray(value) ? value : null;
  switch (operator.operand) {
    case 'none':
      return null;
    case 'one':
      if (missing(value) || listed) throw new ConditionFault('condition.no_value', { field });
      return typed(value, kind, field);
    case 'many':
      if (!listed?.length || listed.some(missing)) throw new ConditionFault('condition.no_value', { field });
      return listed.map((item) => typed(item, kind === 'choices' ? 'choice' : kind, field));
    case 'two':
      if (listed?.length !== 2 || listed.some(missing)) throw new ConditionFault('condition.two_values', { field });
      return listed.map((item) => typed(item, kind, field));
  }
}

function faulty(fault: ConditionFault): Judge {
  return (_data, foreseeing) => {
    if (foreseeing) return null;
    throw fault;
  };
}

/** What somebody typed must never reach an object's prototype. */
function own<T>(record: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}
