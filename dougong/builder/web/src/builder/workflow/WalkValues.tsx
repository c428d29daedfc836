/** What is filled in at a step of a walk, as its fields have it; records and files are made up. */
import { Paperclip, Plus } from 'lucide-react';
import { createContext, useContext, useId, useState } from 'react';

import { fieldsOfForm, type FieldInfo } from '../../core/fields';
import { pick, t } from '../../core/i18n';
import { documentOf } from '../../core/library';
import type { Config, FormDoc, Option } from '../../core/types';
import { useLibrary } from '../context';
import { fieldTitle } from '../fields';
import { Chip } from '../parts/Chips';
import { Pick } from '../parts/Pick';
import { ValueBox } from '../parts/ValueBox';
import type { Records } from './useWalk';
import { typed } from './walking';

interface MadeUp {
  records: Records;
  make(id: string, data: Config): void;
}

const MadeUpContext = createContext<MadeUp>({ records: {}, make: () => undefined });
export const WithMadeUp = MadeUpContext.Provider;

interface Props {
  fields: readonly FieldInfo[];
  needed?(key: string): boolean;
  values: Config;
  onChange(values: Config): void;
}

export function Values({ fields, needed, values, onChange }: Props) {
  const id = useId();
  const put = (more: Config) => onChange(Object.fromEntries(Object.entries({ ...values, ...more }).filter(([, value]) => value !== undefined)));
  return fields
    .filter(({ kind }) => kind !== 'none')
    .map((field) => (
      <div key={field.key} className="b-walk-value">
        <label htmlFor={`${id}-${field.key}`}>{fieldTitle(field)}{(needed?.(field.key) || field.required) && <span className="b-required">*</span>}</label>
        <Value id={`${id}-${field.key}`} field={field} value={values[field.key]} put={put} beside={fields} />
      </div>
    ));
}

interface ValueProps {
  id: string;
  field: FieldInfo;
  value: unknown;
  put(values: Config): void;
  /** What a chosen record can fill in. */
  beside: readonly FieldInfo[];
}

function Value({ id, field, value: stands, put, beside }: ValueProps) {
  const value = typed(stands);
  const label = fieldTitle(field);
  const set = (next: unknown) => put({ [field.key]: next });
  switch (field.kind) {
    case 'rows':
      return <Rows label={label} columns={field.columns ?? []} value={stands} onChange={set} />;
    case 'files':
      return <Files label={label} field={field} value={value} onChange={set} />;
    case 'record':
      return <Record id={id} label={label} field={field} value={value} put={put} beside={beside} />;
  }
  const options = ((field.config?.['options'] ?? []) as Option[]).map((one) => ({ value: one.key, title: pick(one.title) || one.key }));
  return <ValueBox id={id} label={label} kind={field.kind} choices={options} value={value} onChange={set} />;
}

function Rows({ label, columns, value, onChange }: { label: string; columns: readonly FieldInfo[]; value: unknown; onChange(rows: Config[]): void }) {
  const rows = (Array.isArray(value) ? value : []) as Config[];
  return (
    <div className="b-stack" role="group" aria-label={label}>
      {rows.map((row, index) => (
        <div key={index} className="b-walk-row" role="group" aria-label={t('builder.walk.row', { number: index + 1 })}>
          <Values fields={columns} values={row} onChange={(next) => onChange(rows.with(index, next))} />
        </div>
      ))}
      <button type="button" className="button small b-start" onClick={() => onChange([...rows, {}])}><Plus size={14} aria-hidden />{t('builder.rows.add')}</button>
    </div>
  );
}

/** A file of a story is no more than its name. */
function Files({ label, field, value, onChange }: { label: string; field: FieldInfo; value: unknown; onChange(names: string[] | undefined): void }) {
  const names = (Array.isArray(value) ? value : []) as string[];
  const ending = field.config?.['accept'] === 'images' ? 'jpg' : 'pdf';
  const called = (number: number): string => {
    const name = `${label} ${number}.${ending}`.slice(-60);
    return names.includes(name) ? called(number + 1) : name;
  };
  const more = () => onChange([...names, called(1)]);
  const without = (name: string) => names.filter((one) => one !== name);
  return (
    <div className="b-chips" role="group" aria-label={label}>
      {names.map((name) => <Chip key={name} title={name} remove={() => onChange(names.length > 1 ? without(name) : undefined)} />)}
      <button type="button" className="button small" onClick={more}><Paperclip size={14} aria-hidden />{t('builder.walk.file')}</button>
    </div>
  );
}

/** A record is one of those in the stories, or made up here; what it brings along is filled in beside it. */
function Record({ id, label, field, value, put, beside }: ValueProps & { label: string }) {
  const { records, make } = useContext(MadeUpContext);
  const [making, setMaking] = useState(false);
  const fields = useLibrary((library) => library);
  const known = fieldsOfForm(documentOf<FormDoc>(fields, 'entity', String(field.config?.['entity']))?.draft, fields);
  const keys = new Set(known.map(({ key }) => key));
  const choices = Object.keys(records).filter((one) => Object.keys(records[one]!).every((key) => keys.has(key))).map((one) => ({ value: one, title: one }));
  const choose = (chosen: string, data: Config | undefined = records[chosen]) => {
    const fills = (field.config?.['fill'] ?? []) as { from: string; to: string }[];
    const brought = fills.filter(({ from, to }) => data?.[from] !== undefined && beside.some(({ key }) => key === to));
    put({ [field.key]: chosen || undefined, ...Object.fromEntries(brought.map(({ from, to }) => [to, data?.[from]])) });
  };
  const made = (name: string, data: Config) => {
    make(name, data);
    choose(name, data);
    setMaking(false);
  };
  return (
    <>
      <div className="b-walk-pick">
        <Pick id={id} value={value ? String(value) : undefined} choices={choices} empty={t('builder.none')} onChange={(chosen) => choose(chosen)} />
        <button type="button" className="button small" aria-expanded={making} onClick={() => setMaking(!making)}><Plus size={14} aria-hidden />{t('builder.walk.record')}</button>
      </div>
      {making && <Made label={label} fields={known.filter(({ kind }) => !['rows', 'files', 'record'].includes(kind))} done={made} />}
    </>
  );
}

/** It goes by the first of its texts. */
function Made({ label, fields, done }: { label: string; fields: readonly FieldInfo[]; done(name: string, data: Config): void }) {
  const [data, setData] = useState<Config>({});
  const name = fields.filter(({ kind }) => kind === 'text').map(({ key }) => String(data[key] ?? '').trim().slice(0, 60)).find(Boolean);
  return (
    <div className="b-walk-row" role="group" aria-label={t('builder.walk.record.of', { name: label })}>
      <Values fields={fields.map((field) => ({ ...field, required: false }))} values={data} onChange={setData} />
      <button type="button" className="button small b-start" disabled={!name} onClick={() => name && done(name, data)}>{t('builder.walk.record.take')}</button>
    </div>
  );
}
