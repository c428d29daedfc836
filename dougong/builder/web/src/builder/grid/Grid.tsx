/** A grid as in a spreadsheet: arrows, typing, copy and paste, fill down; cells that open, rows that are moved. One component for all tables of an editor. */
import { useEffect, useRef, type ReactNode } from 'react';

import { t } from '../../core/i18n';
import { useDocument, useOpen } from '../context';
import { useTaking } from '../removal';
import type { Column, Edit } from './column';
import { Grip } from '../drag/Grip';
import { GridRow, homeOf, type CellActions } from './GridRow';
import { GridTools } from './GridTools';
import { useRowProblems } from './problems';
import { useGrid } from './useGrid';
import { ROW_HEIGHT, scrollTo, useWindow } from './useWindow';
import './grid.css';

export interface Props<R extends { uid: string }> {
  label: string;
  /** The name of the list in the document: what a selected row is a place of. Without it a row is not selected. */
  group: string;
  rows: readonly R[];
  /** Where what a cell may hold depends on the cells beside it: the rows as they stand in a document. */
  rowsIn?(doc: any): readonly R[];
  columns: readonly Column<R>[];
  rowName(row: R): string;
  fresh?(): R;
  insert?(rows: readonly R[], after: string | undefined): Edit;
  duplicate?(uids: readonly string[]): Edit;
  /** All rows anew, of a block that is pasted from the first row on; null where it says something else. */
  whole?(table: string[][]): Edit | null;
  remove?(uids: readonly string[]): Edit;
  move?(uid: string, before: string | undefined): Edit;
  nudge?(uid: string, by: -1 | 1): Edit;
  /** Columns with a tone can be moved too. */
  moveColumn?(key: string, before: string | undefined): Edit;
  nudgeColumn?(key: string, by: -1 | 1): Edit;
  /** Rows that are to be seen among the others. */
  marked?: ReadonlySet<string>;
  most?: number;
  addWords: string;
  tools?: ReactNode;
  empty: ReactNode;
  disabled?: boolean;
}

export function Grid<R extends { uid: string }>(props: Props<R>) {
  const { label, group, rows, columns, rowName, fresh, insert, duplicate, remove, move, moveColumn, nudgeColumn, marked, addWords, tools, empty, most = Infinity } = props;
  const { verbs } = useDocument();
  const take = useTaking();
  const selection = useOpen((open) => open.selection);
  const root = useRef<HTMLDivElement>(null);
  const { readOnly, at, range, editing, notice, chosen, actions, add, fill, pressed } = useGrid(props, root);
  const { from, to } = useWindow(root, rows.length);
  const problems = useRowProblems(rows);
  const zone = `grid ${group} ${label}`;
  const isRange = range !== null && range.rows.length * range.cols.length > 1;
  useLook(root, rows, columns, actions);
  return (
    <div className="b-grid-box">
      {!readOnly && (fresh || remove || tools) && (
        <GridTools
          addWords={addWords} add={fresh && insert ? add : null} full={rows.length >= most} more={tools} rows={rows.length} chosen={chosen.length > 0} ranged={range !== null} fill={fill}
          duplicate={duplicate ? () => verbs.change(duplicate(chosen)) : null} remove={remove ? () => take(chosen.map((uid) => ({ group, uid })), () => verbs.change(remove(chosen))) : null}
        />
      )}
      {rows.length === 0 ? empty : (
        <div ref={root} className="b-grid-scroll" data-scrolls onKeyDown={pressed}>
          <table className="b-grid" role="grid" aria-label={label} aria-rowcount={rows.length + 1} aria-multiselectable="true">
            <colgroup>
              <col className="b-grid-first" />
              {columns.map((column) => <col key={column.key} style={{ width: column.width }} />)}
            </colgroup>
            <thead>
              <tr data-zone={`${zone} columns`} data-zone-id="columns">
                <th aria-label={t('builder.grid.number')} />
                {columns.map((column) => (
                  <th key={column.key} scope="col" data-end={column.end || undefined} data-tone={column.tone} data-item={column.tone && column.key}>
                    <span>
                      {moveColumn && column.tone && !readOnly && (
                        <Grip
                          uid={column.key} label={column.title} what={`${zone} columns`} drop={(fall) => verbs.change(moveColumn(column.key, fall.before))}
                          move={(direction) => nudgeColumn && verbs.change(nudgeColumn(column.key, direction === 'up' || direction === 'left' ? -1 : 1))}
                        />
                      )}
                      {column.title}
                      {column.head}
                    </span>
                  </th>
                ))}
              </tr>
            </thead>
            <tbody data-zone={zone} data-zone-id="rows">
              {from > 0 && <tr style={{ height: from * ROW_HEIGHT }} />}
              {rows.slice(from, to).map((row, index) => (
                <GridRow
                  key={row.uid} row={row} index={from + index} columns={columns} name={rowName(row)} zone={zone} moves={Boolean(move)} disabled={readOnly} problems={problems.get(row.uid)}
                  selected={selection.some((place) => place.uid === row.uid)} marked={marked?.has(row.uid) ?? false} isFirst={from + index === 0 && !at}
                  at={at?.row === row.uid ? at.col : null} range={isRange && range.rows.includes(row.uid) ? range.cols.join(' ') : null}
                  editing={editing?.at.row === row.uid ? editing.at.col : null} typed={editing?.at.row === row.uid ? editing.typed : undefined} actions={actions}
                />
              ))}
              {to < rows.length && <tr style={{ height: (rows.length - to) * ROW_HEIGHT }} />}
            </tbody>
          </table>
        </div>
      )}
      <p className="b-grid-notice" role="status">{notice}</p>
    </div>
  );
}

const JUST = 1000; // milliseconds: a table that is drawn later does not look where somebody has looked before

/** A click on a problem: its row comes into sight, drawn or not yet, and where the row is what it is about its cell is chosen. */
function useLook<R extends { uid: string }>(root: React.RefObject<HTMLElement | null>, rows: readonly R[], columns: readonly Column<R>[], actions: React.RefObject<CellActions>): void {
  const look = useOpen((open) => open.look);
  const store = useDocument();
  const now = useRef({ rows, columns });
  now.current = { rows, columns };
  useEffect(() => {
    if (!look || performance.now() - look.at > JUST) return;
    const timer = setTimeout(() => {
      const { uid } = look.place;
      const index = now.current.rows.findIndex((row) => row.uid === uid || row.uid === store.getState().selection[0]?.uid);
      if (index < 0) return;
      const column = now.current.rows[index]?.uid === uid && look.path ? homeOf(look.path, now.current.columns) : undefined;
      scrollTo(root.current, index);
      if (column) actions.current.choose({ row: uid, col: column.key }, 'key', false);
      else requestAnimationFrame(() => root.current?.querySelector('tr[data-selected]')?.scrollIntoView({ block: 'nearest' }));
    }, 60);
    return () => clearTimeout(timer);
  }, [look, root, store, actions]);
}
