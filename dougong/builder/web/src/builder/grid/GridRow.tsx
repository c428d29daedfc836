/** One row of a grid; drawn anew only when something in it changes. */
import { memo, type RefObject } from 'react';

import { t } from '../../core/i18n';
import type { Problem } from '../../core/types';
import { Grip } from '../drag/Grip';
import { useMark } from '../marks';
import { Tip } from '../parts/Tip';
import type { Column } from './column';
import type { CellAt } from './grid';
import { GridCell } from './GridCell';
import { worst } from './problems';

export type Then = 'down' | 'up' | 'left' | 'right' | 'stay' | 'leave';

export interface CellActions {
  /** A pointer, or Tab, has brought the focus already. */
  choose(cell: CellAt, by: 'pointer' | 'key', extend: boolean): void;
  extend(cell: CellAt): void;
  edit(cell: CellAt, typed?: string): void;
  /** While it is typed, so that nothing is lost with the page; `commit` says what it comes to. */
  type(cell: CellAt, text: string): void;
  /** Null: nothing was typed. */
  commit(cell: CellAt, text: string | null, then: Then): void;
  drop(uid: string, before: string | undefined): void;
  nudge(uid: string, by: -1 | 1): void;
  fill(): void;
}

interface Props<R> {
  row: R;
  index: number;
  columns: readonly Column<R>[];
  name: string;
  zone: string;
  moves: boolean;
  disabled: boolean;
  problems: readonly Problem[] | undefined;
  selected: boolean;
  marked: boolean;
  /** Where Tab comes in as long as no cell has been chosen. */
  isFirst: boolean;
  at: string | null;
  /** The columns of a range, as one text: an unchanged range is the same text. */
  range: string | null;
  editing: string | null;
  typed: string | undefined;
  actions: RefObject<CellActions>;
}

function Row<R extends { uid: string }>({ row, index, columns, name, zone, moves, disabled, problems = [], selected, marked, isFirst, at, range, editing, typed, actions }: Props<R>) {
  const mark = useMark(row.uid);
  const ranged = range?.split(' ') ?? [];
  const homes = problems.map(({ path }) => homeOf(path, columns));
  const placed = (column: Column<R>) => problems.filter((_, index) => homes[index] === column);
  const rest = problems.filter((_, index) => !homes[index]);
  return (
    <tr data-item={row.uid} data-is={mark} data-selected={selected || undefined} data-marked={marked || undefined}>
      <th scope="row" data-wrong={worst(rest)}>
        {moves && <Grip uid={row.uid} label={name} what={zone} disabled={disabled} drop={(fall) => actions.current.drop(row.uid, fall.before)} move={(direction) => actions.current.nudge(row.uid, direction === 'up' || direction === 'left' ? -1 : 1)} />}
        <Tip words={rest.length ? rest.map((problem, key) => <p key={key}>{problem.message} {problem.advice}</p>) : null}>
          <button type="button" className="b-row-number" aria-label={t('builder.grid.row', { number: index + 1, name })} onClick={() => columns[0] && actions.current.choose({ row: row.uid, col: columns[0].key }, 'key', false)}>{index + 1}</button>
        </Tip>
      </th>
      {columns.map((column, number) => (
        <GridCell
          key={column.key} row={row} column={column} tabbable={at === column.key || (isFirst && number === 0)} isAt={at === column.key} ranged={ranged.includes(column.key)} problems={placed(column)}
          editing={editing === column.key} typed={editing === column.key ? typed : undefined} actions={actions}
        />
      ))}
    </tr>
  );
}

/** /line/rules/3/charge/tiers/1 is at charge/tiers; where a column is for what lies inside of that, it is at home there. */
export function homeOf<R>(path: string, columns: readonly Column<R>[]): Column<R> | undefined {
  const reach = ({ place }: Column<R>) => (place === undefined ? -1 : `${path}/`.lastIndexOf(`/${place}/`) + place.length);
  const known = columns.filter(({ place }) => place !== undefined && `${path}/`.includes(`/${place}/`));
  return known.sort((one, other) => reach(other) - reach(one))[0];
}

export const GridRow = memo(Row) as typeof Row;
