/** The rules of lines (单据计价) or statements (账期结算): dimensions, and what is charged, hit from top to bottom. */
import { useMemo } from 'react';

import { t } from '../../core/i18n';
import { useDraft, useLibrary, useOpen, useVerbs } from '../context';
import { Grid } from '../grid/Grid';
import { useChargeColumns } from './charge-columns';
import { AddDimension, useDimensionColumns } from './columns';
import { Described } from './Described';
import { newRule, setPart } from './edits/charges';
import { addDimension, duplicateRows, insertRows, moveRow, nudgeRow, removeRows, switchTable } from './edits/rules';
import { Empty } from './Empty';
import { useTitleColumn } from './title-column';
import type { PriceRule, Settlement, TableName } from './types';
import { useValidity } from './validity-column';
import { titleOf } from './words';

const MOST_RULES = 2000;
const NONE: PriceRule[] = [];

export function RulesPanel({ name }: { name: TableName }) {
  const table = useDraft((draft: Settlement) => draft[name]);
  const on = Boolean(table);
  const readOnly = useOpen((open) => open.readOnly);
  const { change } = useVerbs<Settlement>();
  return (
    <section className="bs-rules">
      <header className="bs-head">
        <label className="b-check">
          <input type="checkbox" role="switch" checked={on} disabled={readOnly} onChange={(event) => change((doc) => switchTable(doc, name, event.target.checked))} />
          <strong>{t(`builder.settlement.${name}.on`)}</strong>
        </label>
        <p className="b-help">{t(`builder.settlement.${name}.help`)}</p>
      </header>
      {on && <div className="bs-hits"><Described what="table" value={table ?? {}} pointer={`/${name}`} onChange={(key, value) => change((doc) => ({ ...doc, [name]: setPart(doc[name] ?? { dimensions: [], rules: [] }, key, value) }))} /></div>}
      {on ? <Rules name={name} /> : <Empty words={t(`builder.settlement.${name}.off`)} />}
    </section>
  );
}

function Rules({ name }: { name: TableName }) {
  const rules = useDraft((draft: Settlement) => draft[name]?.rules) ?? NONE;
  const draft = useDraft((found: Settlement) => found);
  const models = useLibrary((library) => library.vocabulary.models);
  const { change } = useVerbs<Settlement>();
  const title = useTitleColumn(name);
  const dimensions = useDimensionColumns<PriceRule>(name);
  const validity = useValidity<PriceRule>(name);
  const charges = useChargeColumns(name);
  const columns = useMemo(() => [title, ...dimensions, ...validity.columns, ...charges], [title, dimensions, validity, charges]);
  return (
    <>
      {rules.length > 1 && <p className="b-help">{t(`builder.settlement.order.${draft[name]?.policy ?? 'first'}`)}</p>}
      <Grid
        label={t(`builder.settlement.tab.${name}`)} group="rules" rows={rules} rowsIn={(doc: Settlement) => doc[name]?.rules ?? []} columns={columns} most={MOST_RULES} rowName={(rule) => titleOf(rule) || t('builder.settlement.rule')} addWords={t('builder.settlement.rule.add')}
        fresh={() => newRule(draft, name, models)} insert={(rows, after) => (doc) => insertRows(doc, name, rows, after)} duplicate={(uids) => (doc) => duplicateRows(doc, name, uids)}
        remove={(uids) => (doc) => removeRows(doc, name, uids)} move={(uid, before) => (doc) => moveRow(doc, name, uid, before)} nudge={(uid, by) => (doc) => nudgeRow(doc, name, uid, by)}
        tools={<AddDimension name={name} add={(input) => change((doc) => addDimension(doc, name, input))} more={validity.more} />}
        empty={<Empty words={t(`builder.settlement.${name}.empty`)} />}
      />
    </>
  );
}
