/** Edits of the inputs: the columns that a line brings, and whatever names them by key. */
import { isPlain } from '../../../core/elements';
import { freeKey } from '../../../core/keys';
import { moved, nudged } from '../../../core/lists';
import type { Config, Field, FieldType } from '../../../core/types';
import { newUid } from '../../../core/uid';
import type { Dimension, Input, PriceRule, Settlement, Table } from '../types';

export function newInput(doc: Settlement, type: FieldType): Input {
  const key = freeKey(type.name, doc.inputs.map((one) => one.key));
  const option = (number: number) => ({ uid: newUid(), key: `option_${number}`, title: { 'zh-Hans': `选项 ${number}`, en: `Option ${number}` } });
  const config: Config | undefined = type.config.required?.includes('options') ? { options: [option(1), option(2)] } : undefined;
  return { uid: newUid(), key, type: type.name, title: { ...type.title }, ...(config ? { config } : {}) };
}

/** A column looked up in a record that the line names: called and typed as the record's field is. */
export function inputFromRecord(doc: Settlement, by: Input, field: Field): Input {
  const taken = doc.inputs.map((one) => one.key);
  const wish = [field.key, `${by.key}_${field.key}`.slice(0, 40)].find((key) => !taken.includes(key)) ?? freeKey(field.key, taken);
  const { fill: _, public: __, ...config } = field.config ?? {};
  return { uid: newUid(), key: wish, type: field.type, title: field.title, ...(Object.keys(config).length ? { config } : {}), from: { input: by.key, field: field.key } };
}

/** Under a key of its own. */
export function addInput(doc: Settlement, input: Input, after?: string): Settlement {
  const index = doc.inputs.findIndex((one) => one.uid === after);
  const taken = doc.inputs.map((one) => one.key);
  const fresh = taken.includes(input.key) ? { ...input, key: freeKey(input.type, taken) } : input;
  return { ...doc, inputs: doc.inputs.toSpliced(index < 0 ? doc.inputs.length : index + 1, 0, fresh) };
}

export function setInput<K extends keyof Input>(doc: Settlement, uid: string, name: K, value: Input[K] | undefined): Settlement {
  return changeInput(doc, uid, (input) => {
    const { [name]: _, ...rest } = input;
    return (value === undefined ? rest : { ...input, [name]: value }) as Input;
  });
}

export function setInputConfig(doc: Settlement, uid: string, key: string, value: unknown): Settlement {
  return changeInput(doc, uid, (input) => {
    const { config, ...plain } = input;
    const { [key]: _, ...rest } = config ?? {};
    const next = value === undefined ? rest : { ...rest, [key]: value };
    return Object.keys(next).length ? { ...plain, config: next } : plain;
  });
}

/** Another type: what its settings do not know is left behind. */
export function retypeInput(doc: Settlement, uid: string, type: FieldType): Settlement {
  const fresh = newInput(doc, type);
  return changeInput(doc, uid, (input) => {
    const known = Object.entries(input.config ?? {}).filter(([key]) => key in (type.config.properties ?? {}));
    const config = { ...fresh.config, ...Object.fromEntries(known) };
    const { config: _, from: __, ...plain } = input;
    return { ...plain, type: type.name, ...(Object.keys(config).length ? { config } : {}) };
  });
}

function changeInput(doc: Settlement, uid: string, change: (input: Input) => Input): Settlement {
  return { ...doc, inputs: doc.inputs.map((input) => (input.uid === uid ? change(input) : input)) };
}

export function moveInput(doc: Settlement, uid: string, before: string | undefined): Settlement {
  const inputs = moved(doc.inputs, uid, before);
  return inputs === doc.inputs ? doc : { ...doc, inputs };
}

export function nudgeInput(doc: Settlement, uid: string, by: -1 | 1): Settlement {
  const inputs = nudged(doc.inputs, uid, by);
  return inputs === doc.inputs ? doc : { ...doc, inputs };
}

/** With the dimensions that ask it and the sample values that it has. One input must stay. */
export function removeInput(doc: Settlement, uid: string): Settlement {
  const input = doc.inputs.find((one) => one.uid === uid);
  if (!input || doc.inputs.length < 2) return doc;
  const rest = doc.inputs.filter((one) => one !== input);
  const shared = rest.some((one) => one.key === input.key);
  const next: Settlement = { ...doc, inputs: rest };
  return shared ? next : withoutKey(next, input.key);
}

function withoutKey(doc: Settlement, key: string): Settlement {
  const { line_id, ...rest } = doc;
  const gone = new Set([...(doc.line?.dimensions ?? []), ...(doc.statement?.dimensions ?? []), ...(doc.term_dimensions ?? [])].filter((one) => one.input === key).map((one) => one.uid));
  const kept = (dimensions: Dimension[]) => dimensions.filter((one) => !gone.has(one.uid));
  const freed = <R extends { when: object }>(row: R): R => ({ ...row, when: Object.fromEntries(Object.entries(row.when).filter(([uid]) => !gone.has(uid))) });
  const table = (found: Table): Table => ({ ...found, dimensions: kept(found.dimensions), rules: found.rules.map(freed) });
  const valued = (values: Record<string, unknown>) => Object.fromEntries(Object.entries(values).filter(([name]) => name !== key));
  return {
    ...rest,
    ...(line_id && line_id !== key ? { line_id } : {}),
    inputs: doc.inputs.map(({ from, ...input }) => (from && from.input !== key ? { ...input, from } : input)),
    ...(doc.line ? { line: table(doc.line) } : {}),
    ...(doc.statement ? { statement: table(doc.statement) } : {}),
    ...(doc.term_dimensions ? { term_dimensions: kept(doc.term_dimensions) } : {}),
    ...(doc.terms ? { terms: doc.terms.map(freed) } : {}),
    ...(doc.samples ? { samples: doc.samples.map((sample) => ({ ...sample, values: valued(sample.values) })) } : {}),
  };
}

/** Where an input is named by its key: by what a setting is called, and in what it stands where others are called so, too. */
const NAMING = new Set([
  'partner', 'date', 'line_id', 'input', 'sum', 'max', 'since', 'until', 'by', 'rules/field', 'over/group', 'prorate/from', 'prorate/to', 'exchange/currency', 'exchange/amounts',
]);
const WORDS = /"[^"]*"|[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z0-9_]+)?(?!\w*\s*\()/g;

function renamed(json: unknown, other: (name: string) => string, around = '', name = ''): unknown {
  if (typeof json === 'string') return name === 'formula' ? json.replace(WORDS, other) : NAMING.has(name) || NAMING.has(`${around}/${name}`) ? other(json) : json;
  if (Array.isArray(json)) return json.map((one) => renamed(one, other, isPlain(one) ? name : around, name));
  if (!isPlain(json)) return json;
  const isOther = json['source'] === 'field';
  return Object.fromEntries(Object.entries(json).map(([key, value]) => [key, isOther && key === 'value' ? other(String(value)) : renamed(value, other, name, key)]));
}

/** Another key for an input: whatever names it says the new one. */
export function renameInput(doc: Settlement, uid: string, key: string): Settlement {
  const from = doc.inputs.find((one) => one.uid === uid)?.key;
  if (!from || from === key) return doc;
  const named = changeInput(doc, uid, (input) => ({ ...input, key }));
  if (named.inputs.some((one) => one.key === from)) return named; // a doubled key: nobody knows whom the others mean
  const other = (name: string) => (name === from ? key : name);
  const { inputs, samples, title, ...rest } = named;
  const valued = (values: Record<string, unknown>) => Object.fromEntries(Object.entries(values).map(([name, value]) => [other(name), value]));
  return {
    ...(renamed(rest, other) as typeof rest),
    ...(title ? { title } : {}),
    inputs: inputs.map((one) => (one.from ? { ...one, from: { ...one.from, input: other(one.from.input) } } : one)),
    ...(samples ? { samples: samples.map((sample) => ({ ...sample, values: valued(sample.values) })) } : {}),
  } as Settlement;
}

/** Another key for an option of an input: the cells and samples that name it say the new one. */
export function renameInputOption(doc: Settlement, uid: string, option: string, key: string): Settlement {
  const input = doc.inputs.find((one) => one.uid === uid);
  const options = (input?.config?.['options'] ?? []) as { uid: string; key: string }[];
  const from = options.find((one) => one.uid === option)?.key;
  if (!input || !from || from === key) return doc;
  const other = (value: string) => (value === from ? key : value);
  const asked = new Set([...(doc.line?.dimensions ?? []), ...(doc.statement?.dimensions ?? []), ...(doc.term_dimensions ?? [])].filter((one) => one.input === input.key).map((one) => one.uid));
  const row = <R extends { when: PriceRule['when'] }>(one: R): R => ({
    ...one,
    when: Object.fromEntries(Object.entries(one.when).map(([dimension, cell]) => [dimension, !asked.has(dimension) ? cell : 'in' in cell ? { in: cell.in.map(other) } : 'not_in' in cell ? { not_in: cell.not_in.map(other) } : cell])),
  });
  const table = (one: Table): Table => ({ ...one, rules: one.rules.map(row) });
  const next = setInputConfig(doc, uid, 'options', options.map((one) => (one.uid === option ? { ...one, key } : one)));
  return {
    ...next,
    ...(doc.line ? { line: table(doc.line) } : {}),
    ...(doc.statement ? { statement: table(doc.statement) } : {}),
    ...(doc.terms ? { terms: doc.terms.map(row) } : {}),
    ...(doc.samples ? { samples: doc.samples.map((one) => (one.values[input.key] === from ? { ...one, values: { ...one.values, [input.key]: key } } : one)) } : {}),
  };
}
