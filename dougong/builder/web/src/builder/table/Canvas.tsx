/** The rules as a spreadsheet, which of them count, and what comes out where none hits. */
import { useMemo } from 'react';

import { pick, t } from '../../core/i18n';
import { problemsAt } from '../../core/pointer';
import { useDraft, useOpen, useVerbs } from '../context';
import { Grid } from '../grid/Grid';
import { Icon } from '../parts/Icon';
import { Menu } from '../parts/Menu';
import { Pick } from '../parts/Pick';
import { Empty } from '../settlement/Empty';
import { useBench } from './Around';
import { useInputColumns, useNoteColumn, useOutputColumns } from './columns';
import { addColumn, DEFAULT, duplicateRules, insertRules, moveColumn, moveRule, newColumn, newRule, nudgeColumn, nudgeRule, removeRules, setPolicy, switchDefault } from './edits';
import { useColumnTypes } from './names';
import { COLLECTS, MOST_COLUMNS, MOST_RULES, POLICIES, type Collect, type Policy, type Side, type Table, type TableRule } from './types';

export function Canvas() {
  const readOnly = useOpen((open) => open.readOnly);
  return (
    <div className="bt-work" data-scrolls>
      <PolicyBar />
      <Rules />
      <Otherwise />
      {!readOnly && <p className="b-help">{t('builder.table.typing')}</p>}
    </div>
  );
}

function PolicyBar() {
  const policy = useDraft((draft: Table) => draft.policy);
  const collect = useDraft((draft: Table) => draft.collect) ?? 'list';
  const readOnly = useOpen((open) => open.readOnly);
  const problems = useOpen((open) => open.problems);
  const { change } = useVerbs<Table>();
  const choices = POLICIES.map((value) => ({ value, title: t(`builder.table.policy.${value}`) }));
  const collects = COLLECTS.map((value) => ({ value, title: t(`builder.table.collect.${value}`) }));
  return (
    <header className="bt-policy">
      <label>
        <strong>{t('builder.table.policy')}</strong>
        <Pick value={policy} choices={choices} disabled={readOnly} onChange={(next) => change((doc) => setPolicy(doc, next as Policy))} />
      </label>
      {policy === 'collect' && <Pick label={t('builder.table.collect')} value={collect} choices={collects} disabled={readOnly} onChange={(next) => change((doc) => setPolicy(doc, 'collect', next as Collect))} />}
      <p className="b-help">{t(`builder.table.policy.${policy}.help`)}</p>
      {problemsAt(problems, '/policy').map((problem) => <p key={problem.code} className={`b-said b-${problem.severity}`}>{problem.message} {problem.advice}</p>)}
    </header>
  );
}

function Rules() {
  const rules = useDraft((draft: Table) => draft.rules);
  const hits = useBench().tried.answer?.hits;
  const inputs = useInputColumns();
  const outputs = useOutputColumns<TableRule>(true);
  const note = useNoteColumn();
  const columns = useMemo(() => [...inputs, ...outputs, note], [inputs, outputs, note]);
  const marked = useMemo(() => new Set(hits), [hits]);
  const whole = useOpen((open) => open.problems).filter((problem) => problem.path === '/rules');
  return (
    <>
      <Grid
        label={t('builder.table.rules')} group="rules" rows={rules} columns={columns} most={MOST_RULES} rowName={(rule) => rule.note ?? t('builder.table.rule')} addWords={t('builder.table.rule.add')} marked={marked}
        fresh={newRule} insert={(rows, after) => (doc) => insertRules(doc, rows, after)} duplicate={(uids) => (doc) => duplicateRules(doc, uids)} remove={(uids) => (doc) => removeRules(doc, uids)}
        move={(uid, before) => (doc) => moveRule(doc, uid, before)} nudge={(uid, by) => (doc) => nudgeRule(doc, uid, by)}
        moveColumn={(uid, before) => (doc) => moveColumn(doc, uid, before)} nudgeColumn={(uid, by) => (doc) => nudgeColumn(doc, uid, by)}
        tools={<><AddColumn side="inputs" /><AddColumn side="outputs" /></>} empty={<Empty words={t('builder.table.empty')} />}
      />
      {whole.map((problem, index) => <p key={index} className={`b-said b-${problem.severity}`}>{problem.message} {problem.advice}</p>)}
    </>
  );
}

function AddColumn({ side }: { side: Side }) {
  const types = useColumnTypes(side);
  const full = useDraft((draft: Table) => draft[side].length >= MOST_COLUMNS);
  const draft = useDraft((found: Table) => found);
  const { change, select } = useVerbs<Table>();
  const items = types.map((type) => ({
    key: type.name,
    title: <><Icon name={type.icon ?? 'square'} size={14} />{pick(type.title)}</>,
    act: () => {
      const column = newColumn(draft, side, type);
      change((doc) => addColumn(doc, side, column));
      select([{ group: side, uid: column.uid }]);
    },
  }));
  return <Menu title={t(`builder.table.${side}.add`)} items={items} disabled={full} />;
}

/** What comes out where no rule hits: a row of its own, or an incident. */
function Otherwise() {
  const row = useDraft((draft: Table) => draft.default);
  const readOnly = useOpen((open) => open.readOnly);
  const { change } = useVerbs<Table>();
  const columns = useOutputColumns<{ uid: string; then: NonNullable<Table['default']> }>(false);
  const rows = useMemo(() => (row ? [{ uid: DEFAULT, then: row }] : []), [row]);
  const placed = useMemo(() => columns.map((column) => ({ ...column, place: column.place?.replace('then/', 'default/') ?? '' })), [columns]);
  return (
    <section className="bt-otherwise">
      <label className="b-check">
        <input type="checkbox" role="switch" checked={Boolean(row)} disabled={readOnly} onChange={(event) => change((doc) => switchDefault(doc, event.target.checked))} />
        <strong>{t('builder.table.otherwise')}</strong>
        <span className="b-help">{t(row ? 'builder.table.otherwise.on' : 'builder.table.otherwise.off')}</span>
      </label>
      {row && <Grid label={t('builder.table.otherwise')} group="" rows={rows} columns={placed} rowName={() => t('builder.table.otherwise')} addWords="" empty={null} />}
    </section>
  );
}
