/** Fields by steps: who may do what, in one table. Cells are chosen, typed, pasted and filled down; a row or a column is set at once. */
import { useMemo } from 'react';

import { pick, t } from '../../core/i18n';
import type { FlowNode, WorkflowDoc } from '../../core/types';
import { useDraft, useLibrary, useOpen, useVerbs } from '../context';
import type { Column } from '../grid/column';
import { Grid } from '../grid/Grid';
import { undoing } from '../keys';
import { Dialog } from '../parts/Dialog';
import { ChoicePanel } from '../settlement/ChoicePanel';
import { isGiven, readRight, rightOf, RIGHTS, setColumn, setRight, stepsWithRights } from './matrix';
import { REST, type Right, type RightsField } from './RightsTable';
import { useRightsFields } from './useRightsFields';

/** A field; all others; or all of them, which is set and not said. */
interface Row {
  uid: string;
  title: string;
  field: RightsField | null;
}

const WHOLE = '=';

export function RightsMatrix({ close }: { close: () => void }) {
  const draft = useDraft((found: WorkflowDoc) => found);
  const types = useLibrary((library) => library.vocabulary.nodes);
  const fields = useRightsFields(draft.form);
  const steps = useMemo(() => stepsWithRights(draft, types), [draft, types]);
  const rows: Row[] = [
    { uid: WHOLE, title: t('builder.matrix.column'), field: null },
    { uid: REST, title: t('builder.rights.rest'), field: null },
    ...fields.map((field) => ({ uid: field.key, title: field.title, field })),
  ];
  const columns = useColumns(steps);
  const verbs = useVerbs();
  const pressed = (event: React.KeyboardEvent) => {
    const act = undoing(event, verbs);
    if (!act) return;
    event.preventDefault();
    act();
  };
  return (
    <Dialog title={t('builder.matrix')} about={t('builder.matrix.about')} onClose={close} wide>
      <div onKeyDown={pressed}>
        <Grid label={t('builder.matrix')} group="" rows={fields.length ? rows : []} columns={columns} rowName={(row) => row.title} addWords="" empty={<p className="b-help">{t('builder.rights.no_form')}</p>} />
      </div>
    </Dialog>
  );
}

function useColumns(steps: readonly FlowNode[]): Column<Row>[] {
  const readOnly = useOpen((open) => open.readOnly);
  const { change } = useVerbs<WorkflowDoc>();
  return useMemo(() => {
    const put = (row: Row, right: Right | undefined, on: readonly FlowNode[]) => (doc: WorkflowDoc) =>
      on.reduce((draft, { uid }) => (row.uid === WHOLE ? setColumn(draft, uid, right) : setRight(draft, uid, row.uid, right)), doc);
    const column = (key: string, title: string, on: readonly FlowNode[]): Column<Row> => ({
      key,
      title,
      width: '96px',
      text: (row) => words(same(row, on)),
      show: (row) => <Shown row={row} steps={on} />,
      ...(readOnly
        ? {}
        : {
            write: (row, text) => {
              const right = readRight(text);
              return right === null ? null : put(row, right, on);
            },
            panel: (row, close) => (
              <ChoicePanel
                label={`${row.title} · ${title}`}
                value={same(row, on) ?? ''}
                choices={[...choicesOf(row), { value: '', title: t('builder.matrix.reset') }]}
                onChoose={(value) => {
                  change(put(row, (value || undefined) as Right | undefined, on));
                  close();
                }}
              />
            ),
          }),
    });
    const name: Column<Row> = { key: 'field', title: t('builder.condition.field'), width: '180px', text: (row) => row.title };
    return [name, column(WHOLE, t('builder.matrix.row'), steps), ...steps.map((step) => column(step.uid, pick(step.title) || step.uid, [step]))];
  }, [steps, readOnly, change]);
}

/** Nobody types what is computed. */
function choicesOf(row: Row): { value: string; title: string }[] {
  const possible = row.field?.computed ? RIGHTS.slice(0, 2) : RIGHTS;
  return possible.map((value) => ({ value, title: words(value) }));
}

function words(right: Right | undefined): string {
  return right ? t(`builder.right.${right}`) : '';
}

/** The right that holds in all these steps, if it is the same; all fields of a step are only set, not said. */
function same(row: Row, steps: readonly FlowNode[]): Right | undefined {
  if (row.uid === WHOLE) return undefined;
  const rights = new Set(steps.map((step) => rightOf(step, row.field)));
  return rights.size === 1 ? [...rights][0] : undefined;
}

/** What is said for this very cell is set off from what it takes over. */
function Shown({ row, steps }: { row: Row; steps: readonly FlowNode[] }) {
  const right = same(row, steps);
  if (!right) return <span className="muted">…</span>;
  return (
    <span className="b-right" data-right={right} data-given={steps.some((step) => isGiven(step, row.uid))}>
      {words(right)}
    </span>
  );
}
