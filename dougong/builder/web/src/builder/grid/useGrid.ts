/** What happens in a grid: where one is, what is being typed, what is written into the document. */
import { useLayoutEffect, useMemo, useRef, useState, type RefObject } from 'react';

import { asTable, readTable } from '../../core/clipboard';
import { listed, t } from '../../core/i18n';
import { useDocument, useOpen } from '../context';
import type { Column, Edit } from './column';
import type { Props } from './Grid';
import { fillPlan, next, pastePlan, rangeOf, step, untitled, type CellAt, type Range, type Written } from './grid';
import type { CellActions, Then } from './GridRow';
import { useClipboard } from './useClipboard';
import { scrollTo } from './useWindow';

export interface GridState {
  readOnly: boolean;
  at: CellAt | null;
  range: Range | null;
  editing: { at: CellAt; typed?: string } | null;
  notice: string;
  /** The rows that a tool is for. */
  chosen: string[];
  actions: RefObject<CellActions>;
  add(): void;
  fill(): void;
  pressed(event: React.KeyboardEvent): void;
}

export function useGrid<R extends { uid: string }>({ group, rows, rowsIn, columns, fresh, insert, whole, move, nudge, most = Infinity, disabled }: Props<R>, root: RefObject<HTMLElement | null>): GridState {
  const store = useDocument();
  const readOnly = useOpen((open) => open.readOnly) || (disabled ?? false);
  const selection = useOpen((open) => open.selection);
  const [held, setAt] = useState<CellAt | null>(null);
  const [to, setTo] = useState<CellAt | null>(null);
  const [editing, setEditing] = useState<GridState['editing']>(null);
  const [notice, setNotice] = useState('');
  const wanted = useRef<CellAt | null>(null);
  /** What stood in the cell that is typed into, once something of it is written. */
  const before = useRef<string | null>(null);
  const open = useRef(false);
  /** Several cells were not read: they are told of until something else is written. */
  const stays = useRef(false);

  const shape = useMemo(() => ({ rows: rows.map((row) => row.uid), cols: columns.map((column) => column.key) }), [rows, columns]);
  const isThere = (cell: CellAt | null): cell is CellAt => cell !== null && shape.rows.includes(cell.row) && shape.cols.includes(cell.col);
  const at = isThere(held) ? held : null;
  const range = at ? rangeOf(shape, at, isThere(to) ? to : at) : null;
  const rowOf = (uid: string) => rows.find((row) => row.uid === uid);
  /** Rows that are pasted behind the last are called +0, +1, ... */
  const placeOf = (uid: string) => (uid.startsWith('+') ? rows.length + Number(uid.slice(1)) : shape.rows.indexOf(uid));
  const columnOf = (key: string) => columns.find((column) => column.key === key);
  const chosen = range?.rows ?? selection.filter((place) => shape.rows.includes(place.uid)).map((place) => place.uid);
  const textAt = (cell: CellAt) => {
    const [row, column] = [rowOf(cell.row), columnOf(cell.col)];
    return row && column && !column.absent?.(row) ? column.text(row) : '';
  };
  /** A row may lose a cell, while it is typed into too. */
  const isGone = ({ row, col }: CellAt) => {
    const found = rowOf(row);
    return !found || (columnOf(col)?.absent?.(found) ?? false);
  };

  useLayoutEffect(() => {
    const cell = wanted.current; // before the next key is pressed
    if (!cell) return;
    const found = root.current?.querySelector<HTMLElement>(`td[data-row="${CSS.escape(cell.row)}"][data-col="${CSS.escape(cell.col)}"]`);
    if (found) {
      wanted.current = null;
      found.focus();
    } else scrollTo(root.current, shape.rows.indexOf(cell.row));
  });

  const choose = (cell: CellAt, extend = false) => {
    if (!stays.current) setNotice('');
    setEditing(null);
    if (extend && at) return setTo(cell);
    setAt(cell);
    setTo(null);
    if (group) store.verbs.select([{ group, uid: cell.row }]);
  };
  const goTo = (cell: CellAt, extend = false) => {
    choose(cell, extend);
    wanted.current = extend ? (at ?? cell) : cell;
  };

  /** At once, but where a column has to read first what it needs to understand. */
  function write(written: readonly Written[], known: (uid: string) => R | undefined = rowOf, first?: Edit, also = ''): void {
    if (readOnly) return;
    const asked = columns.map((column) => ({ column, texts: written.filter((one) => one.col === column.key).map((one) => one.text).filter(Boolean) }));
    const reading = asked.flatMap(({ column, texts }) => (column.prepare && texts.length ? [column.prepare(texts)] : []));
    if (reading.length) void Promise.allSettled(reading).then(() => take(written, known, first, also));
    else take(written, known, first, also);
  }

  function take(asked: readonly Written[], known: (uid: string) => R | undefined, first: Edit | undefined, also: string): void {
    const lost: string[] = [];
    const write = (draft: unknown, { row, col, text }: Written): unknown => {
      const [column, was] = [columnOf(col), known(row)];
      const found = (was && rowsIn?.(draft).find((one) => one.uid === was.uid)) ?? was;
      if (!column?.write || !found) return draft;
      const absent = column.absent?.(found);
      const edit = absent ? null : column.write(found, text);
      if (!edit && (text || !absent)) lost.push(t('builder.grid.quoted', { row: 1 + placeOf(row), column: column.title, text: text.slice(0, 20) }));
      return edit ? edit(draft) : draft;
    };
    store.verbs.change((doc) => asked.reduce(write, first ? first(doc) : doc) as typeof doc);
    stays.current = lost.length > 1;
    setNotice([lost.length ? t('builder.grid.not_read', { count: lost.length, which: listed(lost.slice(0, 5)) + (lost.length > 5 ? ' …' : '') }) : '', also].filter(Boolean).join(' '));
  }

  const paste = (text: string) => {
    if (!range) return;
    if (editing) actions.current.commit(editing.at, null, 'stay'); // a table takes the place of what was being typed
    const table = untitled(readTable(text), columns.slice(shape.cols.indexOf(range.cols[0] ?? '')).map(({ title }) => title));
    const anew = range.rows[0] === shape.rows[0] && table.length > 1 && !readOnly ? whole?.(table) : null;
    if (anew) return store.verbs.change(anew);
    const { written, missing, beyond } = pastePlan(shape, range, table);
    const extra = fresh && insert ? Array.from({ length: Math.max(0, Math.min(missing, most - rows.length)) }, fresh) : [];
    const byUid = new Map(rows.map((row) => [row.uid, row]));
    const known = (uid: string) => (uid.startsWith('+') ? extra[Number(uid.slice(1))] : byUid.get(uid));
    const left = missing - extra.length;
    const also = [left > 0 && t('builder.grid.too_many', { count: left, most: rows.length + extra.length }), beyond > 0 && t('builder.grid.beyond', { count: beyond })];
    write(written.filter(({ row }) => known(row)), known, extra.length ? insert?.(extra, rows.at(-1)?.uid) : undefined, also.filter(Boolean).join(' '));
  };
  const fill = () => range && write(fillPlan(shape, range, textAt));
  const clear = () => range && write(range.rows.flatMap((row) => range.cols.map((col) => ({ row, col, text: '' }))));
  const add = () => {
    if (!fresh || !insert) return;
    const row = fresh();
    store.verbs.change(insert([row], chosen.at(-1)));
    const first = columns.find((column) => column.write || column.panel);
    if (!first) return;
    const cell = { row: row.uid, col: first.key };
    goTo(cell);
    setTimeout(() => actions.current.edit(cell), 30); // the row is drawn then, and has the focus
  };
  /** The row was taken back with the focus in it: whoever works by keyboard goes on from the last one. */
  useLayoutEffect(() => {
    const [row, col] = [shape.rows.at(-1), held && shape.cols.includes(held.col) ? held.col : shape.cols[0]];
    if (held && !at && row && col && document.activeElement === document.body) goTo({ row, col });
  });
  const leave = (cell: CellAt, then: Then): CellAt | null => {
    if (then === 'down' || then === 'up') return step(shape, cell, then === 'down' ? 'ArrowDown' : 'ArrowUp', false);
    return then === 'stay' ? cell : then === 'leave' ? null : (next(shape, cell, then === 'right' ? 1 : -1) ?? cell); // past the ends it stays
  };

  const actions = useRef<CellActions>(null as unknown as CellActions);
  actions.current = {
    choose: (cell, by, extend) => (by === 'pointer' ? choose : goTo)(cell, extend),
    extend: (cell) => at && setTo(cell),
    edit: (cell, typed) => {
      const [row, column] = [rowOf(cell.row), columnOf(cell.col)];
      if (!column || !row || column.absent?.(row)) return;
      if (column.open) column.open(row);
      else if (!readOnly && (column.panel || column.write)) {
        open.current = true;
        setEditing({ at: cell, ...(typed === undefined ? {} : { typed }) });
      }
    },
    type: (cell, text) => {
      const [row, column] = [rowOf(cell.row), columnOf(cell.col)];
      const edit = row && column && !readOnly && !column.prepare ? (column.write?.(row, text) ?? null) : null;
      if (!edit) return; // not a value yet
      before.current ??= textAt(cell);
      store.verbs.begin();
      store.verbs.change(edit);
    },
    commit: (cell, text, then) => {
      setEditing(null);
      if (!open.current) return; // it is left already
      open.current = false;
      const was = before.current ?? textAt(cell);
      if (before.current !== null) (isGone(cell) ? store.verbs.end : store.verbs.cancel)(); // what stands there in the end is one change, or none
      before.current = null;
      const target = leave(cell, then);
      if (target) goTo(target);
      if (text !== null && text !== was) write([{ ...cell, text }]); // last: what it could not read stays said
    },
    drop: (uid, before) => move && store.verbs.change(move(uid, before)),
    nudge: (uid, by) => nudge && store.verbs.change(nudge(uid, by)),
    fill,
  };

  const pressed = (event: React.KeyboardEvent) => {
    if (!at || !(event.target as Element).matches('td[data-col]')) return;
    const ctrl = event.ctrlKey || event.metaKey;
    const column = columnOf(at.col) as Column<R>;
    if (event.altKey && (event.key === 'ArrowUp' || event.key === 'ArrowDown')) {
      actions.current.nudge(at.row, event.key === 'ArrowUp' ? -1 : 1);
      goTo(at);
    } else if (ctrl && event.key.toLowerCase() === 'd') fill();
    else if (event.key === 'Enter' || event.key === 'F2') actions.current.edit(at);
    else if (event.key === 'Delete' || event.key === 'Backspace') clear();
    else if (event.key === 'Escape' && to) setTo(null);
    else if (event.key === 'Process' && column.write) return actions.current.edit(at, ''); // an input method: what it composes goes into the box
    else if (event.key.length === 1 && !ctrl && !event.altKey && column.write) actions.current.edit(at, event.key);
    else {
      const target = step(shape, event.shiftKey ? (to ?? at) : at, event.key, ctrl);
      if (!target) return;
      goTo(target, event.shiftKey);
    }
    event.preventDefault();
  };

  useClipboard(root, () => (range && !editing ? asTable(range.rows.map((row) => range.cols.map((col) => textAt({ row, col })))) : null), paste);
  return { readOnly, at, range, editing, notice, chosen, actions, add, fill, pressed };
}
