/** The bench: values to try, which rules hit, and what comes out. */
import { FlaskConical, LoaderCircle } from 'lucide-react';
import { useId } from 'react';

import { listed, pick, t } from '../../core/i18n';
import type { Field, Scalar } from '../../core/types';
import { useDraft, useOpen, useVerbs } from '../context';
import { ValueBox } from '../parts/ValueBox';
import { titleOf } from '../settlement/words';
import { useBench } from './Around';
import { optionsOf, valueText } from './cells';
import { useKindOf, useNames } from './names';
import type { Table } from './types';
import type { Answer } from './useTried';

export function Bench() {
  const inputs = useDraft((draft: Table) => draft.inputs);
  const readOnly = useOpen((open) => open.readOnly);
  const { values, set, tried } = useBench();
  const kindOf = useKindOf();
  if (readOnly) return null;
  return (
    <section className="bt-bench" aria-label={t('builder.table.bench')}>
      <header>
        <FlaskConical size={15} aria-hidden />
        <h2>{t('builder.table.bench')}</h2>
        {tried.busy && <LoaderCircle size={14} className="b-turning" aria-label={t('builder.settlement.sample.busy')} />}
      </header>
      {inputs.map((input) => (
        <Value key={input.uid} input={input} kind={kindOf(input)} value={values[input.key]} onChange={(value) => set(input.key, value)} wrong={tried.answer?.said[input.key]} />
      ))}
      {tried.failure && <p className="b-said b-error" role="alert">{tried.failure}</p>}
      <Outcome answer={tried.answer} />
    </section>
  );
}

function Outcome({ answer }: { answer: Answer | null }) {
  const rules = useDraft((draft: Table) => draft.rules);
  const outputs = useDraft((draft: Table) => draft.outputs);
  const { select } = useVerbs<Table>();
  const names = useNames();
  const kindOf = useKindOf();
  if (!answer) return <p className="b-help">{t('builder.table.bench.help')}</p>;
  if (answer.problems) return <p className="b-said b-warning" role="status">{t('builder.table.bench.problems')}</p>;
  const said = (column: Field) => {
    const value = answer.values[column.key];
    const all = (Array.isArray(value) ? value : [value]).map(plainly).filter((one) => one !== null && one !== '');
    return listed(all.map((one) => valueText(one, column, kindOf(column), names))) || '—';
  };
  return (
    <div className="bt-outcome" role="status">
      <p className="bt-hits">
        {answer.hits.length ? t('builder.table.bench.hits') : answer.said[''] ? '' : Object.keys(answer.said).length ? '' : t('builder.table.bench.otherwise')}
        {answer.hits.map((uid) => (
          <button key={uid} type="button" className="tag good" onClick={() => select([{ group: 'rules', uid }])}>{rules.findIndex((rule) => rule.uid === uid) + 1}</button>
        ))}
      </p>
      {answer.said[''] && <p className="b-said b-error">{answer.said['']}</p>}
      {Object.keys(answer.values).length > 0 && (
        <dl>
          {outputs.map((column) => (
            <div key={column.uid}>
              <dt>{titleOf(column)}</dt>
              <dd>{said(column)}</dd>
            </div>
          ))}
        </dl>
      )}
    </div>
  );
}

/** A place comes as an object with its code in it. */
function plainly(value: unknown): Scalar {
  return value && typeof value === 'object' ? ((value as { region?: string }).region ?? null) : ((value ?? null) as Scalar);
}

interface ValueProps {
  input: Field;
  kind: string;
  value: unknown;
  onChange(value: unknown): void;
  wrong: string | undefined;
}

function Value({ input, kind, value, onChange, wrong }: ValueProps) {
  const id = useId();
  return (
    <div className="bt-value">
      <label htmlFor={id}>{titleOf(input)}{input.required && <span className="b-required">*</span>}</label>
      <ValueBox id={id} label={titleOf(input)} kind={kind} choices={optionsOf(input).map((one) => ({ value: one.key, title: pick(one.title) || one.key }))} value={value} onChange={onChange} />
      {wrong && <p className="b-said b-error">{wrong}</p>}
    </div>
  );
}
