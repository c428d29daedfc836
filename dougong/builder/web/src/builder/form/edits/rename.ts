/** Another key for a field or an option: whatever names it inside the document says the new one. */
import { columnsOf } from '../../../core/fields';
import { isTree } from '../../../core/trees';
import type { Column, Config, EntityDoc, Field, FormDoc, Option, Rule, Scalar, Section, Tree } from '../../../core/types';
import { changeField } from './fields';
import { standing } from './tree';

export function renameField<D extends FormDoc>(doc: D, uid: string, key: string): D {
  const from = standing(doc, uid)?.field.key;
  if (!from || from === key) return doc;
  const shared = doc.sections.some((section) => section.fields.some((field) => field.key === from && field.uid !== uid));
  const named = changeField(doc, uid, (field) => ({ ...field, key }));
  return shared ? named : referring(named, from, key); // a doubled key: nobody knows whom the others mean
}

function referring<D extends FormDoc>(doc: D, from: string, to: string): D {
  const other = (key: string) => (key === from ? to : key);
  const conditioned = <T extends Field | Section>(part: T): T => (part.visible_when ? { ...part, visible_when: renamedTree(part.visible_when, from, to) } : part);
  const sections = doc.sections.map((section) => ({
    ...conditioned(section),
    fields: section.fields.map((field) => ({ ...conditioned(field), ...(field.config ? { config: renamedConfig(field.config, from, to) } : {}) })),
  }));
  const { name_field, unique_field, list_fields } = doc as FormDoc as EntityDoc;
  const checks = doc.checks?.map((one) => ({ ...one, formula: renamedFormula(one.formula, from, to) }));
  const without = (doc.print?.['without'] as string[] | undefined)?.map(other);
  return {
    ...doc,
    sections,
    ...(checks ? { checks } : {}),
    ...(without ? { print: { ...doc.print, without } } : {}),
    ...(name_field ? { name_field: other(name_field) } : {}),
    ...(unique_field ? { unique_field: other(unique_field) } : {}),
    ...(list_fields ? { list_fields: list_fields.map(other) } : {}),
  };
}

function renamedConfig(config: Config, from: string, to: string): Config {
  const formula = typeof config['formula'] === 'string' ? { formula: renamedFormula(config['formula'], from, to) } : {};
  const fill = Array.isArray(config['fill']) ? { fill: config['fill'].map((one: { from: string; to: string }) => (one.to === from ? { ...one, to } : one)) } : {};
  const parts = Array.isArray(config['parts']) ? { parts: config['parts'].map((one: Config) => (one['field'] === from ? { ...one, field: to } : one)) } : {};
  const group = config['group'] === from ? { group: to } : {};
  return { ...config, ...formula, ...fill, ...parts, ...group, ...renamedColumns(config, from, to) };
}

/** The formulas of a row name what is around their table, unless a column is called so. */
function renamedColumns(config: Config, from: string, to: string): Config {
  const columns = config['columns'];
  if (!Array.isArray(columns) || (columns as Column[]).some(({ key }) => key === from)) return {};
  const renamed = (one: Column): Column => (typeof one.config?.['formula'] === 'string' ? { ...one, config: { ...one.config, formula: renamedFormula(one.config['formula'], from, to) } } : one);
  return { columns: (columns as Column[]).map(renamed) };
}

export function renamedTree(tree: Tree, from: string, to: string): Tree {
  const renamed = (rule: Rule): Rule => ({
    ...rule,
    field: rule.field === from ? to : rule.field,
    ...(rule.source === 'field' && rule.value === from ? { value: to } : {}),
  });
  return { ...tree, rules: tree.rules.map((rule) => (isTree(rule) ? renamedTree(rule, from, to) : renamed(rule))) };
}

/** Names outside of quoted texts that are not called as functions; a column is called with its table: items.amount. */
export function renamedFormula(formula: string, from: string, to: string): string {
  return formula.replace(/"[^"]*"|[A-Za-z_][A-Za-z0-9_]*(?:\.[a-z][a-z0-9_]*)?(\s*\()?/g, (word, call: string | undefined) => {
    if (call) return word;
    if (word === from) return to;
    return word.startsWith(`${from}.`) ? to + word.slice(from.length) : word;
  });
}

/** Another key for a column of a table: the formulas beside it and those of the form say the new one. */
export function renameColumn<D extends FormDoc>(doc: D, uid: string, column: string, key: string): D {
  const field = standing(doc, uid)?.field;
  const from = field && columnsOf(field).find((one) => one.uid === column)?.key;
  if (!field || !from || from === key) return doc;
  const formula = (config: Config, old: string, next: string): Config => (typeof config['formula'] === 'string' ? { ...config, formula: renamedFormula(config['formula'], old, next) } : config);
  const columns = columnsOf(field).map((one) => ({ ...one, ...(one.uid === column ? { key } : {}), ...(one.config ? { config: formula(one.config, from, key) } : {}) }));
  const outer = (one: Field): Field => (one.config ? { ...one, config: formula(one.config, `${field.key}.${from}`, `${field.key}.${key}`) } : one);
  const sections = doc.sections.map((section) => ({ ...section, fields: section.fields.map(outer) }));
  const checks = doc.checks?.map((one) => ({ ...one, formula: renamedFormula(one.formula, `${field.key}.${from}`, `${field.key}.${key}`) }));
  return changeField({ ...doc, sections, ...(checks ? { checks } : {}) }, uid, (found) => ({ ...found, config: { ...found.config, columns } }));
}

/** Another key for an option of a field: conditions that compare with it and the default say the new one. */
export function renameOption<D extends FormDoc>(doc: D, uid: string, option: string, key: string): D {
  const field = standing(doc, uid)?.field;
  const from = ((field?.config?.['options'] ?? []) as Option[]).find((one) => one.uid === option)?.key;
  if (!field || !from || from === key) return doc;
  const other = <T>(value: T): T => (value === from ? (key as T) : value);
  const value = (given: Rule['value']) => (Array.isArray(given) ? given.map(other) : other(given));
  const tree = (found: Tree): Tree => ({
    ...found,
    rules: found.rules.map((rule) => (isTree(rule) ? tree(rule) : rule.field === field.key && rule.source !== 'field' && rule.value !== undefined ? ({ ...rule, value: value(rule.value) } as Rule) : rule)),
  });
  const conditioned = <T extends Field | Section>(part: T): T => (part.visible_when ? { ...part, visible_when: tree(part.visible_when) } : part);
  const sections = doc.sections.map((section) => ({ ...conditioned(section), fields: section.fields.map(conditioned) }));
  return changeField({ ...doc, sections }, uid, (found) => ({
    ...found,
    ...(found.default === undefined ? {} : { default: value(found.default) as Scalar | Scalar[] }),
    config: { ...found.config, options: ((found.config?.['options'] ?? []) as Option[]).map((one) => (one.uid === option ? { ...one, key } : one)) },
  }));
}
