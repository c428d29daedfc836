/** Edits of the columns of a table: pure functions from list to list. */
import { freeKey } from '../../../core/keys';
import type { Column, Config, FieldType } from '../../../core/types';
import { newUid } from '../../../core/uid';

export const MOST_COLUMNS = 20;

export function startingColumns(): Column[] {
  return [
    { uid: newUid(), key: 'name', type: 'text', title: { 'zh-Hans': '名称', en: 'Name' }, required: true },
    { uid: newUid(), key: 'quantity', type: 'number', title: { 'zh-Hans': '数量', en: 'Quantity' } },
    { uid: newUid(), key: 'amount', type: 'money', title: { 'zh-Hans': '金额', en: 'Amount' }, total: true },
  ];
}

export function addColumn(columns: readonly Column[]): Column[] {
  if (columns.length >= MOST_COLUMNS) return [...columns];
  const number = columns.length + 1;
  const key = freeKey('column', columns.map((one) => one.key));
  return [...columns, { uid: newUid(), key, type: 'text', title: { 'zh-Hans': `列 ${number}`, en: `Column ${number}` } }];
}

/** `undefined` takes a part away. */
export function changeColumn(columns: readonly Column[], uid: string, part: { [K in keyof Column]?: Column[K] | undefined }): Column[] {
  return columns.map((one) => (one.uid === uid ? (filled({ ...one, ...part }) as Column) : one));
}

export function setColumnConfig(columns: readonly Column[], uid: string, key: string, value: unknown): Column[] {
  const config = filled({ ...columns.find((one) => one.uid === uid)?.config, [key]: value });
  return changeColumn(columns, uid, { config: Object.keys(config).length ? config : undefined });
}

/** Of another type: what its settings do not know is left behind. */
export function retypeColumn(columns: readonly Column[], uid: string, type: FieldType): Column[] {
  const before = columns.find((one) => one.uid === uid);
  const known = Object.entries(before?.config ?? {}).filter(([key]) => key in (type.config.properties ?? {}));
  const config: Config = { ...(type.config.required?.includes('options') ? { options: startingOptions() } : {}), ...Object.fromEntries(known) };
  return changeColumn(columns, uid, {
    type: type.name,
    default: undefined,
    config: Object.keys(config).length ? config : undefined,
    required: type.computed ? undefined : before?.required,
    total: type.kind === 'number' ? before?.total : undefined,
  });
}

export function startingOptions() {
  return [1, 2].map((number) => ({ uid: newUid(), key: `option_${number}`, title: { 'zh-Hans': `选项 ${number}`, en: `Option ${number}` } }));
}

function filled<T extends object>(json: T): Partial<T> {
  return Object.fromEntries(Object.entries(json).filter(([, value]) => value !== undefined)) as Partial<T>;
}
