/** The columns of the grid: one for each input, one for each output, and a note. */
import { useMemo } from 'react';

import { t } from '../../core/i18n';
import type { RegionStore } from '../../core/regions';
import { sentence } from '../../core/sentence';
import type { Field } from '../../core/types';
import { useDraft, useLibrary, useOpen, useSurroundings, useVerbs } from '../context';
import type { Column } from '../grid/column';
import { RegionPick } from '../parts/RegionPick';
import { ChoicePanel } from '../settlement/ChoicePanel';
import { readPlaces } from '../settlement/places';
import { titleOf } from '../settlement/words';
import { CellPanel } from './CellPanel';
import { cellText, optionsOf, outText, readCell, readOut, type Names } from './cells';
import { isRole, setCell, setNote, setOut } from './edits';
import { Head } from './Head';
import { useKindOf, useNames } from './names';
import { ROLE, type Out, type Table, type TableRule } from './types';

const WIDE = ['region', 'text', 'number'];

export function useInputColumns(): Column<TableRule>[] {
  const inputs = useDraft((draft: Table) => draft.inputs);
  const operators = useLibrary((library) => library.vocabulary.operators);
  const readOnly = useOpen((open) => open.readOnly);
  const { regions } = useSurroundings();
  const { change } = useVerbs<Table>();
  const names = useNames();
  const kindOf = useKindOf();
  return useMemo(
    () =>
      inputs.map((column) => {
        const { uid } = column;
        const kind = kindOf(column);
        const told = (row: TableRule) => {
          const tree = { combinator: 'and' as const, rules: (row.when[uid] ?? []).map((atom) => ({ ...atom, field: column.key })) };
          return cellText(row.when[uid], column, kind, names) ?? sentence(tree, { fields: [{ ...column, kind }], operators, region: names.place });
        };
        return {
          key: uid, title: titleOf(column), width: WIDE.includes(kind) ? '180px' : '150px', place: `when/${uid}`, tone: 'in',
          text: told,
          show: (row) => (row.when[uid] ? told(row) : <span className="b-any">{t('builder.settlement.cell.any')}</span>),
          write: (row, text) => {
            const found = readCell(text, column, kind, names);
            return found ? (doc: Table) => setCell(doc, row.uid, uid, found.cell) : null;
          },
          panel: (row) => <CellPanel cell={row.when[uid]} column={column} kind={kind} onChange={(cell) => change((doc) => setCell(doc, row.uid, uid, cell), `cell ${row.uid} ${uid}`)} />,
          ...(readOnly ? {} : { head: <Head column={column} /> }),
          ...(kind === 'region' ? { prepare: (texts: readonly string[]) => readPlaces(texts.map((text) => text.replace(/^≠\s*/, '')), regions as RegionStore) } : {}),
        } satisfies Column<TableRule>;
      }),
    [inputs, operators, readOnly, regions, change, names, kindOf],
  );
}

interface Row {
  uid: string;
  then: Record<string, Out>;
}

/** Of the rules, and of the row for everything else. */
export function useOutputColumns<R extends Row>(withHeads: boolean): Column<R>[] {
  const outputs = useDraft((draft: Table) => draft.outputs);
  const readOnly = useOpen((open) => open.readOnly);
  const { regions } = useSurroundings();
  const { change } = useVerbs<Table>();
  const names = useNames();
  const kindOf = useKindOf();
  return useMemo(
    () =>
      outputs.map((column) => {
        const { uid } = column;
        const kind = kindOf(column);
        const give = (row: R, out: Out | undefined) => change((doc) => setOut(doc, row.uid, uid, out));
        return {
          key: uid, title: titleOf(column), width: '150px', end: kind === 'number', place: `then/${uid}`, tone: 'out',
          text: (row: R) => outText(row.then[uid], column, kind, names),
          show: (row: R) => <Shown out={row.then[uid]} words={outText(row.then[uid], column, kind, names)} />,
          write: (row: R, text: string) => {
            const found = readOut(text, column, kind, names);
            return found ? (doc: Table) => setOut(doc, row.uid, uid, found.out) : null;
          },
          ...(readOnly || !withHeads ? {} : { head: <Head column={column} /> }),
          ...(kind === 'region' ? { prepare: (texts: readonly string[]) => readPlaces(texts, regions as RegionStore) } : {}),
          ...panelFor(column, kind, names, give),
        };
      }),
    [outputs, readOnly, withHeads, regions, change, names, kindOf],
  );
}

function Shown({ out, words }: { out: Out | undefined; words: string }) {
  return out && 'formula' in out ? <code className="bt-formula">{words}</code> : words;
}

/** Where there are only a few things that may come out, they are offered; all else is typed. */
function panelFor<R extends Row>(column: Field, kind: string, names: Names, give: (row: R, out: Out | undefined) => void): Partial<Column<R>> {
  const yes = [{ value: 'true', title: t('builder.form.yes') }, { value: 'false', title: t('builder.form.no') }];
  const offered = isRole(column) ? names.roles : kind === 'choice' ? optionsOf(column).map((one) => ({ value: one.key, title: titleOf(one) })) : kind === 'boolean' ? yes : null;
  const value = (row: R) => {
    const out = row.then[column.uid];
    return out && 'value' in out ? out.value : undefined;
  };
  if (kind === 'region') return { panel: (row) => <RegionPick label={titleOf(column)} values={[value(row)].flatMap((one) => (one ? [String(one)] : []))} onChange={(values) => give(row, values.length ? { value: values.at(-1) as string } : undefined)} /> };
  if (!offered) return {};
  return {
    panel: (row, close) => (
      <ChoicePanel
        label={titleOf(column)} value={String(value(row) ?? '')} choices={[...offered, { value: '', title: t('builder.none') }]}
        onChoose={(chosen) => {
          give(row, chosen === '' ? undefined : { value: kind === 'boolean' && column.type !== ROLE ? chosen === 'true' : chosen });
          close();
        }}
      />
    ),
  };
}

export function useNoteColumn(): Column<TableRule> {
  return useMemo(
    () => ({
      key: '=note', title: t('builder.table.note'), width: '160px', place: 'note',
      text: (row) => row.note ?? '',
      show: (row) => <span className="muted">{row.note}</span>,
      write: (row, text) => (doc: Table) => setNote(doc, row.uid, text.trim().slice(0, 500)),
    }),
    [],
  );
}
