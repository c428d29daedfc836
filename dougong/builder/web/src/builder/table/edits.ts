/** Edits of a decision table: its columns with all that stands in them, its rules, and the row for everything else. */
import { freeKey } from '../../core/keys';
import { moved, nudged } from '../../core/lists';
import { same } from '../../core/same';
import type { Config, Field, FieldType, Option } from '../../core/types';
import { newUid } from '../../core/uid';
import { ROLE, type Cell, type Collect, type Out, type Policy, type Side, type Table, type TableRule } from './types';

type Row = Record<string, Out>;

export function sideOf(doc: Table, uid: string): Side | null {
  return doc.inputs.some((one) => one.uid === uid) ? 'inputs' : doc.outputs.some((one) => one.uid === uid) ? 'outputs' : null;
}

export function columnOf(doc: Table, uid: string): Field | undefined {
  return [...doc.inputs, ...doc.outputs].find((one) => one.uid === uid);
}

export function setPolicy(doc: Table, policy: Policy, collect?: Collect): Table {
  const { collect: _, ...rest } = doc;
  return policy === 'collect' ? { ...rest, policy, collect: collect ?? 'list' } : { ...rest, policy };
}

/** What a new column of a type is called and asks; a choice begins with two options. */
export function newColumn(doc: Table, side: Side, type: Pick<FieldType, 'name' | 'title'> & Partial<FieldType>): Field {
  const key = freeKey(type.name, doc[side].map((one) => one.key));
  const option = (number: number) => ({ uid: newUid(), key: `option_${number}`, title: { 'zh-Hans': `选项 ${number}`, en: `Option ${number}` } });
  const config: Config | undefined = type.config?.required?.includes('options') ? { options: [option(1), option(2)] } : undefined;
  return { uid: newUid(), key, type: type.name, title: { ...type.title }, ...(side === 'inputs' ? { required: true } : {}), ...(config ? { config } : {}) };
}

export function addColumn(doc: Table, side: Side, column: Field): Table {
  return { ...doc, [side]: [...doc[side], column] };
}

/** With what the rules say in it. One input and one output stay. */
export function removeColumn(doc: Table, uid: string): Table {
  const side = sideOf(doc, uid);
  if (!side || doc[side].length < 2) return doc;
  return cleared({ ...doc, [side]: doc[side].filter((one) => one.uid !== uid) }, uid);
}

/** Nothing stands in the column any more. */
function cleared(doc: Table, uid: string): Table {
  return mapRows({ ...doc, rules: doc.rules.map((rule) => (uid in rule.when ? { ...rule, when: without(rule.when, uid) } : rule)) }, (row) => (uid in row ? without(row, uid) : row));
}

function mapRows(doc: Table, change: (row: Row) => Row): Table {
  const rules = doc.rules.map((rule) => {
    const then = change(rule.then);
    return then === rule.then ? rule : { ...rule, then };
  });
  return { ...doc, rules, ...(doc.default ? { default: change(doc.default) } : {}) };
}

/** Before another column of its side; past the other side's it comes to the nearer end of its own. */
export function moveColumn(doc: Table, uid: string, before: string | undefined): Table {
  const side = sideOf(doc, uid);
  if (!side) return doc;
  const target = before === undefined ? undefined : sideOf(doc, before);
  const place = target === side ? before : side === 'outputs' && target === 'inputs' ? doc.outputs.find((one) => one.uid !== uid)?.uid : undefined;
  const next = moved(doc[side], uid, place);
  return next === doc[side] ? doc : { ...doc, [side]: next };
}

export function nudgeColumn(doc: Table, uid: string, by: -1 | 1): Table {
  const side = sideOf(doc, uid);
  const next = side && nudged(doc[side], uid, by);
  return !side || next === doc[side] ? doc : { ...doc, [side]: next };
}

export function setColumn<K extends keyof Field>(doc: Table, uid: string, name: K, value: Field[K] | undefined): Table {
  return changeColumn(doc, uid, (column) => {
    const { [name]: _, ...rest } = column;
    return (value === undefined ? rest : { ...column, [name]: value }) as Field;
  });
}

export function setColumnConfig(doc: Table, uid: string, key: string, value: unknown): Table {
  return changeColumn(doc, uid, (column) => {
    const { config, ...plain } = column;
    const next = value === undefined ? without(config ?? {}, key) : { ...config, [key]: value };
    return Object.keys(next).length ? { ...plain, config: next } : plain;
  });
}

/** Another type: what stood in its cells was meant for the old one. */
export function retypeColumn(doc: Table, uid: string, type: Pick<FieldType, 'name' | 'title'> & Partial<FieldType>): Table {
  const side = sideOf(doc, uid);
  const column = columnOf(doc, uid);
  if (!side || !column || column.type === type.name) return doc;
  const { config } = newColumn(doc, side, type);
  const changed = changeColumn(doc, uid, ({ config: _, ...plain }) => ({ ...plain, type: type.name, ...(config ? { config } : {}) }));
  return cleared(changed, uid);
}

/** Another key: formulas say the new name of an input. */
export function renameColumn(doc: Table, uid: string, key: string): Table {
  const column = columnOf(doc, uid);
  if (!column || column.key === key) return doc;
  const named = changeColumn(doc, uid, (found) => ({ ...found, key }));
  if (sideOf(doc, uid) === 'outputs') return named;
  const renamed = (formula: string) => formula.replace(/"[^"]*"|[A-Za-z_]\w*/g, (word) => (word === column.key ? key : word));
  return mapRows(named, (row) => mapValues(row, (out) => ('formula' in out && renamed(out.formula) !== out.formula ? { formula: renamed(out.formula) } : out)));
}

/** Another key for an option: the cells that name it say the new one. */
export function renameOption(doc: Table, uid: string, option: string, key: string): Table {
  const options = (columnOf(doc, uid)?.config?.['options'] ?? []) as Option[];
  const from = options.find((one) => one.uid === option)?.key;
  if (from === undefined || from === key) return doc;
  const other = <V>(value: V): V => (Array.isArray(value) ? value.map((one) => (one === from ? key : one)) : value === from ? key : value) as V;
  const next = setColumnConfig(doc, uid, 'options', options.map((one) => (one.uid === option ? { ...one, key } : one)));
  const rules = next.rules.map((rule) => (rule.when[uid] ? { ...rule, when: { ...rule.when, [uid]: rule.when[uid].map((atom) => (atom.value === undefined ? atom : { ...atom, value: other(atom.value) })) } } : rule));
  return mapRows({ ...next, rules }, (row) => {
    const out = row[uid];
    return out && 'value' in out ? { ...row, [uid]: { value: other(out.value) } } : row;
  });
}

function changeColumn(doc: Table, uid: string, change: (column: Field) => Field): Table {
  const side = sideOf(doc, uid);
  return side ? { ...doc, [side]: doc[side].map((one) => (one.uid === uid ? change(one) : one)) } : doc;
}

export function newRule(): TableRule {
  return { uid: newUid(), when: {}, then: {} };
}

/** Behind one of them; at the end where `after` is not there. */
export function insertRules(doc: Table, fresh: readonly TableRule[], after?: string): Table {
  const index = doc.rules.findIndex((rule) => rule.uid === after);
  return { ...doc, rules: doc.rules.toSpliced(index < 0 ? doc.rules.length : index + 1, 0, ...fresh) };
}

export function duplicateRules(doc: Table, uids: readonly string[]): Table {
  const copies = doc.rules.filter((rule) => uids.includes(rule.uid)).map((rule) => ({ ...rule, uid: newUid() }));
  return insertRules(doc, copies, uids.at(-1));
}

export function removeRules(doc: Table, uids: readonly string[]): Table {
  return { ...doc, rules: doc.rules.filter((rule) => !uids.includes(rule.uid)) };
}

export function moveRule(doc: Table, uid: string, before: string | undefined): Table {
  const rules = moved(doc.rules, uid, before);
  return rules === doc.rules ? doc : { ...doc, rules };
}

export function nudgeRule(doc: Table, uid: string, by: -1 | 1): Table {
  const rules = nudged(doc.rules, uid, by);
  return rules === doc.rules ? doc : { ...doc, rules };
}

/** What an input must be in this rule; undefined: anything. */
export function setCell(doc: Table, uid: string, column: string, cell: Cell | undefined): Table {
  return changeRule(doc, uid, (rule) => ({ ...rule, when: cell?.length ? { ...rule.when, [column]: cell } : without(rule.when, column) }));
}

export function setNote(doc: Table, uid: string, note: string): Table {
  return changeRule(doc, uid, ({ note: _, ...rule }) => (note ? { ...rule, note } : rule));
}

function changeRule(doc: Table, uid: string, change: (rule: TableRule) => TableRule): Table {
  const rule = doc.rules.find((one) => one.uid === uid);
  const next = rule && change(rule);
  return !next || same(next, rule) ? doc : { ...doc, rules: doc.rules.map((one) => (one === rule ? next : one)) };
}

/** The row for everything else has this uid in a grid. */
export const DEFAULT = 'default';

/** What comes out of a rule, or of the row for everything else; undefined: nothing. */
export function setOut(doc: Table, uid: string, column: string, out: Out | undefined): Table {
  const changed = (row: Row): Row => (out ? { ...row, [column]: out } : without(row, column));
  if (uid === DEFAULT) return doc.default ? { ...doc, default: changed(doc.default) } : doc;
  return changeRule(doc, uid, (rule) => ({ ...rule, then: changed(rule.then) }));
}

export function switchDefault(doc: Table, on: boolean): Table {
  const { default: found, ...rest } = doc;
  return on ? { ...doc, default: found ?? {} } : rest;
}

export function isRole(column: Field): boolean {
  return column.type === ROLE;
}

function without<V>(record: Readonly<Record<string, V>>, key: string): Record<string, V> {
  const { [key]: _, ...rest } = record;
  return rest;
}

function mapValues<V>(record: Readonly<Record<string, V>>, change: (value: V) => V): Record<string, V> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}
