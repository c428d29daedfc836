/** A step at which the walk waits: what is filled in there, and what may be done. */
import { Plus } from 'lucide-react';
import { useId, useState } from 'react';

import type { FieldInfo } from '../../core/fields';
import { has, pick, t } from '../../core/i18n';
import { documentOf } from '../../core/library';
import type { Config, Option, StoryLine } from '../../core/types';
import { useLibrary } from '../context';
import { fieldTitle, useFields } from '../fields';
import { ValueBox } from '../parts/ValueBox';
import type { Offer, Waiting } from './useWalk';

const LEFT_OUT = ['files', 'none'];

export function WalkStep({ title, waiting, say }: { title: string; waiting: Waiting; say(line: StoryLine): void }) {
  const { node, how, fields, offers } = waiting;
  const [values, setValues] = useState<Config>({});
  const [opinion, setOpinion] = useState('');
  const said = opinion.trim() ? { said: { opinion: opinion.trim() } } : {};
  const asked = useFields().filter(({ key, kind }) => key in fields && !LEFT_OUT.includes(kind));
  const act = ({ signal, fills, brings }: Offer) => say([node, fills ? values : brings, { ...how, signal, ...said }]);
  const library = useLibrary((found) => found);
  const by = how['by'] as string | undefined; // nobody is named in a walk: a role goes by its name
  const who = [pick(documentOf(library, 'role', by)?.title) || by, how['item']].filter(Boolean).join(' · ');
  return (
    <div className="b-walk-step" role="group" aria-label={title}>
      <h3>{title} {who && <span className="muted">{who}</span>}</h3>
      <Values fields={asked} needed={(key) => fields[key] === 'required'} values={values} onChange={setValues} />
      {offers.some(({ signal }) => signal === 'reject') && <input className="input" aria-label={t('builder.walk.opinion')} placeholder={t('builder.walk.opinion')} maxLength={2000} value={opinion} onChange={(event) => setOpinion(event.target.value)} />}
      <div className="b-row">
        {offers.map((offer, index) => (
          <button key={index} type="button" className={index ? 'button small' : 'button small primary'} onClick={() => act(offer)}>
            {t(has(`builder.walk.do.${offer.signal}`) ? `builder.walk.do.${offer.signal}` : 'builder.walk.do.other')}
          </button>
        ))}
      </div>
    </div>
  );
}

interface ValuesProps {
  fields: readonly FieldInfo[];
  needed(key: string): boolean;
  values: Config;
  onChange(values: Config): void;
}

function Values({ fields, needed, values, onChange }: ValuesProps) {
  const id = useId();
  const set = (key: string, value: unknown) => {
    const { [key]: _, ...rest } = values;
    onChange(value === undefined ? rest : { ...values, [key]: value });
  };
  return fields.map((field) => {
    const label = fieldTitle(field);
    const options = ((field.config?.['options'] ?? []) as Option[]).map((one) => ({ value: one.key, title: pick(one.title) || one.key }));
    return (
      <div key={field.key} className="b-walk-value">
        <label htmlFor={`${id}-${field.key}`}>{label}{(needed(field.key) || field.required) && <span className="b-required">*</span>}</label>
        {field.kind === 'rows' ? <Rows label={label} columns={field.columns ?? []} value={values[field.key]} onChange={(rows) => set(field.key, rows)} /> : <ValueBox id={`${id}-${field.key}`} label={label} kind={field.kind} choices={options} value={values[field.key]} onChange={(value) => set(field.key, value)} />}
      </div>
    );
  });
}

function Rows({ label, columns, value, onChange }: { label: string; columns: readonly FieldInfo[]; value: unknown; onChange(rows: Config[]): void }) {
  const rows = (Array.isArray(value) ? value : []) as Config[];
  return (
    <div className="b-stack" role="group" aria-label={label}>
      {rows.map((row, index) => (
        <div key={index} className="b-walk-row" role="group" aria-label={t('builder.walk.row', { number: index + 1 })}>
          <Values fields={columns.filter(({ kind }) => !LEFT_OUT.includes(kind))} needed={() => false} values={row} onChange={(next) => onChange(rows.with(index, next))} />
        </div>
      ))}
      <button type="button" className="button small b-start" onClick={() => onChange([...rows, {}])}><Plus size={14} aria-hidden />{t('builder.rows.add')}</button>
    </div>
  );
}
