/** A condition as a sentence that can be read aloud, with the titles of fields and options: 金额 大于 1000 且 类型 属于 退货、投诉. */
import type { FieldInfo } from './fields';
import { language, listed, pick, t, when } from './i18n';
import { isTree } from './trees';
import type { Option, OperatorType, Rule, Scalar, Tree } from './types';

export interface Speech {
  fields: readonly FieldInfo[];
  operators: readonly OperatorType[];
  tag?: string;
  /** The name of a place by its code, where it is known. */
  region?: (code: string) => string | undefined;
}

/** The empty text where nothing is asked. */
export function sentence(tree: Tree | null | undefined, speech: Speech): string {
  const words = tree?.rules.length ? group(tree, { ...speech, tag: speech.tag ?? language() }, false) : '';
  return words.replaceAll(' （', '（').replaceAll('） ', '）');
}

type Spoken = Speech & { tag: string };

function group(tree: Tree, speech: Spoken, inner: boolean): string {
  const asked = tree.rules.filter((rule) => !isTree(rule) || rule.rules.length);
  const parts = asked.map((rule) => (isTree(rule) ? group(rule, speech, asked.length > 1) : phrase(rule, speech)));
  const words = parts.join(` ${t(`builder.${tree.combinator}`, {}, speech.tag)} `);
  const bracketed = speech.tag === 'en' ? `(${words})` : `（${words}）`;
  if (tree.not) return `${t('builder.not', {}, speech.tag)}${speech.tag === 'en' ? ' ' : ''}${bracketed}`;
  return inner && parts.length > 1 ? bracketed : words;
}

export function phrase(rule: Rule, speech: Spoken): string {
  const field = speech.fields.find((one) => one.key === rule.field);
  const operator = speech.operators.find((one) => one.name === rule.operator);
  const subject = field ? pick(field.title, speech.tag) || field.key : rule.field;
  const verb = operator ? pick(operator.title, speech.tag) : rule.operator;
  if (operator?.operand === 'none') return `${subject} ${verb}`;
  const words = object(rule, field, operator, speech);
  return verb.includes('…') ? `${subject} ${verb.replace(/\s*…\s*/, () => ` ${words} `).trim()}` : `${subject} ${verb} ${words}`;
}

function object(rule: Rule, field: FieldInfo | undefined, operator: OperatorType | undefined, speech: Spoken): string {
  if (rule.source === 'field') {
    const other = speech.fields.find((one) => one.key === rule.value);
    return t('builder.field_value', { field: other ? pick(other.title, speech.tag) : String(rule.value ?? '') }, speech.tag);
  }
  const given = (Array.isArray(rule.value) ? rule.value : [rule.value]).filter((one) => one !== null && one !== undefined && one !== '') as Scalar[];
  const words = given.map((one) => pick(operator?.options?.[String(one)], speech.tag) || said(one, operator?.of ? undefined : field, speech));
  if (!words.length) return t('builder.no_value_yet', {}, speech.tag);
  if (operator?.operand === 'two') return t('builder.range', { from: words[0] ?? '', to: words[1] ?? '…' }, speech.tag);
  return listed(words, speech.tag);
}

function said(value: Scalar, field: FieldInfo | undefined, speech: Spoken): string {
  const options = (field?.config?.['options'] ?? []) as Option[];
  const option = options.find((one) => one.key === value);
  if (option) return pick(option.title, speech.tag) || option.key;
  if (field?.kind === 'region') return speech.region?.(String(value)) ?? String(value);
  if (field?.kind === 'datetime') return when(String(value));
  return String(value);
}
