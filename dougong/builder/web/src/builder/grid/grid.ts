/** A grid of cells, without a screen: where the keys lead, what a range holds, what a paste or a fill writes. */

/** A cell, by the uid of its row and the key of its column. */
export interface CellAt {
  row: string;
  col: string;
}

export interface Shape {
  rows: readonly string[];
  cols: readonly string[];
}

export interface Range {
  rows: string[];
  cols: string[];
}

export function step({ rows, cols }: Shape, at: CellAt, key: string, far: boolean): CellAt | null {
  const row = rows.indexOf(at.row);
  const col = cols.indexOf(at.col);
  const to = (nextRow: number, nextCol: number): CellAt => ({ row: rows[clamp(nextRow, rows.length)] ?? at.row, col: cols[clamp(nextCol, cols.length)] ?? at.col });
  switch (key) {
    case 'ArrowUp':
      return to(far ? 0 : row - 1, col);
    case 'ArrowDown':
      return to(far ? rows.length : row + 1, col);
    case 'ArrowLeft':
      return to(row, far ? 0 : col - 1);
    case 'ArrowRight':
      return to(row, far ? cols.length : col + 1);
    case 'Home':
      return to(far ? 0 : row, 0);
    case 'End':
      return to(far ? rows.length : row, cols.length);
    case 'PageUp':
      return to(row - 10, col);
    case 'PageDown':
      return to(row + 10, col);
    default:
      return null;
  }
}

/** The cell after this one, row by row; before it where `by` is -1. Null past the ends. */
export function next({ rows, cols }: Shape, at: CellAt, by: 1 | -1): CellAt | null {
  const index = rows.indexOf(at.row) * cols.length + cols.indexOf(at.col) + by;
  if (index < 0 || index >= rows.length * cols.length) return null;
  return { row: rows[Math.floor(index / cols.length)] as string, col: cols[index % cols.length] as string };
}

export function rangeOf({ rows, cols }: Shape, from: CellAt, to: CellAt): Range {
  return { rows: between(rows, from.row, to.row), cols: between(cols, from.col, to.col) };
}

function between(all: readonly string[], one: string, other: string): string[] {
  const [a, b] = [all.indexOf(one), all.indexOf(other)];
  return all.slice(Math.max(0, Math.min(a, b)), Math.max(a, b) + 1);
}

export interface Written extends CellAt {
  text: string;
}

export interface Plan {
  written: Written[];
  /** So many rows more than there are. */
  missing: number;
  /** So many filled cells lie beyond the last column. */
  beyond: number;
}

/** A table from the upper left cell of the range on; one cell alone fills the whole range. Rows that are missing are called +0, +1, ... */
export function pastePlan(shape: Shape, range: Range, table: readonly string[][]): Plan {
  const alone = table.length === 1 && table[0]?.length === 1;
  if (alone) return { written: range.rows.flatMap((row) => range.cols.map((col) => ({ row, col, text: table[0]?.[0] ?? '' }))), missing: 0, beyond: 0 };
  const top = shape.rows.indexOf(range.rows[0] ?? '');
  const left = shape.cols.indexOf(range.cols[0] ?? '');
  const written = table.flatMap((cells, down) =>
    cells.flatMap((text, right) => {
      const col = shape.cols[left + right];
      const index = top + down;
      return col === undefined ? [] : [{ row: shape.rows[index] ?? `+${index - shape.rows.length}`, col, text }];
    }),
  );
  const beyond = table.flatMap((cells) => cells.slice(shape.cols.length - left)).filter((text) => text.trim()).length;
  return { written, missing: Math.max(0, top + table.length - shape.rows.length), beyond };
}

/** Without the headings that a block was copied with, where they are those of the columns that it comes into. */
export function untitled(table: string[][], titles: readonly string[]): string[][] {
  const [first = [], ...rest] = table;
  const isTitles = rest.length > 0 && first.every((text, index) => !text.trim() || text.trim().toLowerCase() === titles[index]?.toLowerCase()) && first.some((text) => text.trim());
  return isTitles ? rest : table;
}

/** The first row of the range into the others; a range of one row takes what stands above it. */
export function fillPlan(shape: Shape, range: Range, text: (at: CellAt) => string): Written[] {
  const above = shape.rows[shape.rows.indexOf(range.rows[0] ?? '') - 1];
  const from = range.rows.length > 1 ? range.rows[0] : above;
  if (from === undefined) return [];
  const into = range.rows.length > 1 ? range.rows.slice(1) : range.rows;
  return into.flatMap((row) => range.cols.map((col) => ({ row, col, text: text({ row: from, col }) })));
}

function clamp(index: number, length: number): number {
  return Math.max(0, Math.min(length - 1, index));
}
