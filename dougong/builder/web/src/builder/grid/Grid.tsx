/** A grid as in a spreadsheet: arrows, typing, copy and paste, fill down; cells that open, rows that are moved. One component for all tables of an editor. */
import { Copy, ListPlus, Trash2, ArrowDownToLine } from 'lucide-react';
import { useEffect, useMemo, useRef, useState, type ReactNode } from 'react';

import { asTable, readTable } from '../../core/clipboard';
import { t } from '../../core/i18n';
import { useDocument, useOpen } from '../context';
import type { Column, Edit } from './column';
import { fillPlan, next, pastePlan, rangeOf, step, type CellAt, type Written } from './grid';
import { GridRow, type CellActions } from './GridRow';
import { useRowProblems } from './problems';
import './grid.css';

interface Props<R extends { uid: string }> {
  label: string;
  /** The name of the list in the document: what a selected row is a place of. Without it a row is not selected. */
  group: string;
  rows: readonly R[];
  columns: readonly Column<R>[];
  rowName(row: R): string;
  fresh?(): R;
  insert?(rows: readonly R[], after: string | undefined): Edit;
  duplicate?(uids: readonly string[]): Edit;
  remove?(uids: readonly string[]): Edit;
  move?(uid: string, before: string | undefined): Edit;
  nudge?(uid: string, by: -1 | 1): Edit;
  most?: number;
  addWords: string;
  tools?: ReactNode;
  empty: ReactNode;
  /** Behind the last column of each row. */
  disabled?: boolean;
}

export function Grid<R extends { uid: string }>(props: Props<R>) {
  const { label, group, rows, columns, rowName, fresh, insert, duplicate, remove, move, nudge, addWords, tools, empty, most = Infinity } = props;
  const store = useDocument();
  const readOnly = useOpen((open) => open.readOnly) || (props.disabled ?? false);
  const selection = useOpen((open) => open.selection);
  const [at, setAt] = useState<CellAt | null>(null);
  const [to, setTo] = useState<CellAt | null>(null);
  const [editing, setEditing] = useState<{ at: CellAt; typed?: string } | null>(null);
  const [notice, setNotice] = useState('');
  const root = useRef<HTMLDivElement>(null);
  const problems = useRowProblems(rows);

  const shape = useMemo(() => ({ rows: rows.map((row) => row.uid), cols: columns.map((column) => column.key) }), [rows, columns]);
  const live = at && shape.rows.includes(at.row) && shape.cols.includes(at.col) ? at : null;
  const range = live ? rangeOf(shape, live, to && shape.rows.includes(to.row) && shape.cols.includes(to.col) ? to : live) : null;
  const rowOf = (uid: string) => rows.find((row) => row.uid === uid);
  const columnOf = (key: string) => columns.find((column) => column.key === key);
  const chosen = range?.rows ?? selection.filter((place) => shape.rows.includes(place.uid)).map((place) => place.uid);

  const focus = (cell: CellAt) => requestAnimationFrame(() => root.current?.querySelector<HTMLElement>(`td[data-row="${CSS.escape(cell.row)}"][data-col="${CSS.escape(cell.col)}"]`)?.focus());
  const choose = (cell: CellAt, extend = false) => {
    setNotice('');
    setEditing(null);
    if (extend && live) return setTo(cell);
    setAt(cell);
    setTo(null);
    if (group) store.verbs.select([{ group, uid: cell.row }]);
  };
  const goTo = (cell: CellAt, extend = false) => {
    choose(cell, extend);
    focus(cell);
  };

  async function write(written: readonly Written[], known: (uid: string) => R | undefined, first?: Edit): Promise<void> {
    if (readOnly) return;
    for (const column of columns) await column.prepare?.(written.filter((one) => one.col === column.key).map((one) => one.text));
    const edits = written.map(({ row, col, text }) => {
      const found = known(row);
      return found ? (columnOf(col)?.write?.(found, text) ?? null) : null;
    });
    const understood = edits.filter((edit): edit is Edit => edit !== null);
    const change = first ? [first, ...understood] : understood;
    if (change.length) store.verbs.change((doc) => change.reduce((draft, edit) => edit(draft), doc));
    const lost = written.filter((one, index) => edits[index] === null && columnOf(one.col)?.write).length;
    setNotice(lost ? t('builder.grid.not_read', { count: lost }) : '');
  }

  const paste = (text: string) => {
    if (!range) return;
    const { written, missing } = pastePlan(shape, range, readTable(text));
    const extra = fresh && insert ? Array.from({ length: Math.min(missing, most - rows.length) }, fresh) : [];
    const named = (uid: string) => (uid.startsWith('+') ? extra[Number(uid.slice(1))] : rowOf(uid));
    void write(written, named, extra.length ? insert?.(extra, rows.at(-1)?.uid) : undefined);
  };
  const fill = () => {
    if (range) void write(fillPlan(shape, range, (cell) => textAt(cell)), rowOf);
  };
  const clear = () => {
    if (range) void write(range.rows.flatMap((row) => range.cols.map((col) => ({ row, col, text: '' }))), rowOf);
  };
  const textAt = (cell: CellAt) => {
    const row = rowOf(cell.row);
    const column = columnOf(cell.col);
    return row && column && !column.absent?.(row) ? column.text(row) : '';
  };

  const add = () => {
    if (!fresh || !insert) return;
    const row = fresh();
    store.verbs.change(insert([row], chosen.at(-1)));
    const first = columns.find((column) => column.write || column.panel);
    if (first) requestAnimationFrame(() => goTo({ row: row.uid, col: first.key }));
  };

  const actions = useRef<CellActions<R>>(null as unknown as CellActions<R>);
  actions.current = {
    choose: (cell, by, extend) => (by === 'pointer' ? choose : goTo)(cell, extend),
    extend: (cell) => live && setTo(cell),
    edit: (cell, typed) => {
      const column = columnOf(cell.col);
      const row = rowOf(cell.row);
      if (!column || !row || column.absent?.(row)) return;
      if (column.open) column.open(row);
      else if (!readOnly && (column.panel || column.write)) setEditing({ at: cell, ...(typed === undefined ? {} : { typed }) });
    },
    commit: (cell, text, then) => {
      if (text !== null && text !== textAt(cell)) void write([{ ...cell, text }], rowOf);
      setEditing(null);
      const target = then === 'down' ? step(shape, cell, 'ArrowDown', false) : then === 'up' ? step(shape, cell, 'ArrowUp', false) : then === 'right' ? next(shape, cell, 1) : then === 'left' ? next(shape, cell, -1) : then === 'stay' ? cell : null;
      if (target) goTo(target);
    },
    drop: (uid, before) => move && store.verbs.change(move(uid, before)),
    nudge: (uid, by) => nudge && store.verbs.change(nudge(uid, by)),
    paste,
    fill,
  };

  const pressed = (event: React.KeyboardEvent) => {
    const cell = (event.target as Element).closest<HTMLElement>('td[data-col]');
    if (!cell || event.target !== cell || !live) return;
    const ctrl = event.ctrlKey || event.metaKey;
    if (event.altKey && (event.key === 'ArrowUp' || event.key === 'ArrowDown')) {
      actions.current.nudge(live.row, event.key === 'ArrowUp' ? -1 : 1);
      focus(live);
    } else if (ctrl && event.key.toLowerCase() === 'd') fill();
    else if (event.key === 'Enter' || event.key === 'F2') actions.current.edit(live);
    else if (event.key === 'Delete' || event.key === 'Backspace') clear();
    else if (event.key === 'Escape' && to) setTo(null);
    else if (event.key.length === 1 && !ctrl && !event.altKey && columnOf(live.col)?.write && !columnOf(live.col)?.panel) actions.current.edit(live, event.key);
    else {
      const target = step(shape, event.shiftKey ? (to ?? live) : live, event.key, ctrl);
      if (!target) return;
      goTo(target, event.shiftKey);
    }
    event.preventDefault();
  };

  useClipboard(root, () => (range && !editing ? asTable(range.rows.map((row) => range.cols.map((col) => textAt({ row, col })))) : null), paste);

  return (
    <div className="b-grid-box">
      {!readOnly && (
        <div className="b-grid-tools">
          {fresh && insert && <button type="button" className="button small" disabled={rows.length >= most} onClick={add}><ListPlus size={14} aria-hidden />{addWords}</button>}
          {tools}
          <div className="b-fill" />
          {rows.length > 0 && (
            <>
              <Tool words={t('builder.grid.fill')} keys="Ctrl D" disabled={!range} act={fill}><ArrowDownToLine size={14} aria-hidden /></Tool>
              {duplicate && <Tool words={t('builder.grid.duplicate')} disabled={!chosen.length || rows.length >= most} act={() => store.verbs.change(duplicate(chosen))}><Copy size={14} aria-hidden /></Tool>}
              {remove && <Tool words={t('builder.grid.remove')} disabled={!chosen.length} act={() => store.verbs.change(remove(chosen))}><Trash2 size={14} aria-hidden /></Tool>}
            </>
          )}
        </div>
      )}
      {rows.length === 0 ? empty : (
        <div ref={root} className="b-grid-scroll" data-scrolls onKeyDown={pressed}>
          <table className="b-grid" role="grid" aria-label={label} aria-multiselectable="true">
            <colgroup>
              <col style={{ width: 62 }} />
              {columns.map((column) => <col key={column.key} style={{ width: column.width }} />)}
            </colgroup>
            <thead>
              <tr>
                <th aria-label={t('builder.grid.number')} />
                {columns.map((column) => (
                  <th key={column.key} scope="col" data-end={column.end || undefined}>
                    <span>{column.title}{column.head}</span>
                  </th>
                ))}
              </tr>
            </thead>
            <tbody data-zone={`grid ${group} ${label}`} data-zone-id="rows">
              {rows.map((row, index) => (
                <GridRow
                  key={row.uid} row={row} index={index} columns={columns} name={rowName(row)} zone={`grid ${group} ${label}`} moves={Boolean(move)} disabled={readOnly} problems={problems.get(row.uid)}
                  selected={selection.some((place) => place.uid === row.uid)} isFirst={index === 0 && !live}
                  at={live?.row === row.uid ? live.col : null} range={range?.rows.includes(row.uid) && range.rows.length * range.cols.length > 1 ? range.cols.join(' ') : null}
                  editing={editing?.at.row === row.uid ? editing.at.col : null} typed={editing?.at.row === row.uid ? editing.typed : undefined} actions={actions}
                />
              ))}
            </tbody>
          </table>
        </div>
      )}
      <p className="b-grid-notice" role="status">{notice}</p>
    </div>
  );
}

interface ToolProps {
  words: string;
  keys?: string;
  disabled: boolean;
  act(): void;
  children: ReactNode;
}

function Tool({ words, keys, disabled, act, children }: ToolProps) {
  return <button type="button" className="button quiet small" title={keys ? `${words} (${keys})` : words} disabled={disabled} onClick={act}>{children}<span className="b-wide-only">{words}</span></button>;
}

/** Copies and pastes while the focus is in the grid; an input that is being typed in keeps its own, but for whole tables. */
function useClipboard(root: React.RefObject<HTMLElement | null>, copied: () => string | null, pasted: (text: string) => void): void {
  const now = useRef({ copied, pasted });
  now.current = { copied, pasted };
  useEffect(() => {
    const inGrid = () => document.activeElement instanceof HTMLElement && root.current?.contains(document.activeElement) === true && document.activeElement.closest('td[data-col]') !== null;
    const copy = (event: ClipboardEvent) => {
      const text = inGrid() && document.activeElement?.matches('td') ? now.current.copied() : null;
      if (text === null) return;
      event.clipboardData?.setData('text/plain', text);
      event.preventDefault();
    };
    const paste = (event: ClipboardEvent) => {
      const text = event.clipboardData?.getData('text/plain') ?? '';
      if (!inGrid() || !text || (!document.activeElement?.matches('td') && !/[\t\n]/.test(text.trim()))) return;
      event.preventDefault();
      now.current.pasted(text);
    };
    document.addEventListener('copy', copy);
    document.addEventListener('paste', paste);
    return () => {
      document.removeEventListener('copy', copy);
      document.removeEventListener('paste', paste);
    };
  }, [root]);
}
