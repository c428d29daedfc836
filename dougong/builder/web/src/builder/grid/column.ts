/** What a column of a grid is: what its cells say, how they are drawn, typed into, opened. */
import type { ReactNode } from 'react';

// The document types differ from editor to editor; a column only hands its edits on.
export type Edit = (doc: any) => any;

export interface Column<R> {
  /** The uid of what is drawn as a column; of a column that every such grid has a name behind =, which no uid can be. */
  key: string;
  title: string;
  /** Beside the title: a menu of what can be done with the column. */
  head?: ReactNode;
  /** Columns of two sides, such as what is asked and what comes out, are drawn apart. */
  tone?: 'in' | 'out';
  /** A CSS width. */
  width: string;
  /** Figures stand at the end of their cell. */
  end?: boolean;
  /** What a copy takes, and what is typed over. */
  text(row: R): string;
  /** What is drawn, where that is not the text. */
  show?(row: R): ReactNode;
  /** A row may have no such cell. */
  absent?(row: R): boolean;
  /** What was typed or pasted, as an edit; null: not understood. */
  write?(row: R, text: string): Edit | null;
  /** What opens under the cell; without it the cell is typed into. */
  panel?(row: R, close: () => void): ReactNode;
  /** Instead of opening anything. */
  open?(row: R): void;
  /** Before texts are written: what has to be read from the server to understand them. */
  prepare?(texts: readonly string[]): Promise<void>;
  /** Problems whose path ends like this stand at this cell. */
  place?: string;
}
