/** What a formula comes to for values that one tries: at once, as the pages calculate it. What cannot be read is told with its place. */
import { useId, useMemo, useState } from 'react';

import { clockAt } from '../../core/clock';
import type { FieldInfo } from '../../core/fields';
import { compileFormula, FormulaFault, type Formula } from '../../core/formula';
import { optionsOf } from '../../core/formula-words';
import { said } from '../../core/functions/texts';
import { has, pick, t } from '../../core/i18n';
import { zoneHere } from '../../core/moments';
import { fieldTitle } from '../fields';
import { Chips } from '../parts/Chips';
import { ValueBox } from '../parts/ValueBox';

interface Props {
  text: string;
  fields: readonly FieldInfo[];
  /** The field that is filled with it. */
  gives: FieldInfo | undefined;
  /** The server has told already what is wrong. */
  told: boolean;
  /** Show where it is wrong. */
  point(at: number): void;
}

export function FormulaTrial({ text, fields, gives, told, point }: Props) {
  const [data, setData] = useState<Record<string, unknown>>({});
  const read = useMemo(() => attempt(() => compileFormula(text, Object.fromEntries(fields.filter((one) => one.kind !== 'none').map((one) => [one.key, one.kind])))), [text, fields]);
  if (!text.trim()) return null;
  if (read instanceof FormulaFault) return told ? null : <Fault fault={read} point={point} />;
  const asked = fields.filter((one) => (one.kind.startsWith('[') ? read.columns : read.fields).has(one.key) && one.kind !== 'rows');
  const clock = clockAt(new Date(), zoneHere());
  const found = attempt(() => said(read.words(withRows(data), clock), clock));
  const option = optionsOf(gives).find(({ key }) => key === found);
  return (
    <div className="b-trial" role="group" aria-label={t('builder.formula.trial')}>
      {asked.map((field) => (
        <Sample key={field.key} field={field} value={data[field.key]} set={(value) => setData((before) => ({ ...before, [field.key]: value }))} />
      ))}
      <output>{found instanceof FormulaFault ? <span className="muted">{words(found)}</span> : <>= <strong>{pick(option?.title) || found || '—'}</strong></>}</output>
    </div>
  );
}

/** What was tried for columns, as rows of their tables. */
function withRows(data: Record<string, unknown>): Record<string, unknown> {
  const found: Record<string, unknown> = { ...data };
  for (const [name, cells] of Object.entries(data)) {
    const [table = '', key] = name.split('.');
    if (!key || !Array.isArray(cells)) continue;
    const rows = (found[table] ??= []) as Record<string, unknown>[];
    found[table] = Array.from({ length: Math.max(rows.length, cells.length) }, (_, index) => ({ ...rows[index], [key]: (cells[index] as unknown) ?? null }));
  }
  return found;
}

function attempt<T extends Formula | string>(work: () => T): T | FormulaFault {
  try {
    return work();
  } catch (fault) {
    if (fault instanceof FormulaFault) return fault;
    throw fault;
  }
}

/** Kinds are named in words. */
function words({ code, params }: FormulaFault): string {
  const named = Object.entries(params).map(([name, value]) => {
    const kind = `builder.function.${String(value)}`;
    return [name, ['expected', 'found', 'left', 'right'].includes(name) && has(kind) ? t(kind) : value];
  });
  return t(code, Object.fromEntries(named));
}

function Fault({ fault, point }: { fault: FormulaFault; point: Props['point'] }) {
  const { position } = fault.params;
  return (
    <p className="b-said b-error" role="status">
      {words(fault)}{' '}
      {typeof position === 'number' && (
        <button type="button" className="b-link small" onClick={() => point(position - 1)}>
          {t('builder.formula.point')}
        </button>
      )}
    </p>
  );
}

function Sample({ field, value, set }: { field: FieldInfo; value: unknown; set(value: unknown): void }) {
  const id = useId();
  const label = fieldTitle(field);
  return (
    <div className="b-trial-row">
      <label htmlFor={id}>{label}</label>
      <Box id={id} label={label} field={field} value={value} set={set} />
    </div>
  );
}

function Box({ id, label, field, value, set }: { id: string; label: string; field: FieldInfo; value: unknown; set(value: unknown): void }) {
  if (field.kind.startsWith('[')) return <Chips label={label} values={(value as string[] | undefined) ?? []} onChange={set} />;
  const choices = optionsOf(field).map((one) => ({ value: one.key, title: pick(one.title) || one.key }));
  return <ValueBox id={id} label={label} kind={field.kind} choices={choices} value={value} onChange={set} />;
}
