/** What an editor is: one per kind of document, drawn into the shared frame. */
import type { ComponentType, PropsWithChildren } from 'react';

import type { Doc, Kind, Mend, Place } from '../core/types';
import type { Where } from './context';

/** What was pasted, and where it is now. Null: it is nothing of ours. `refused`: the code of why it is not taken. */
export type Pasted<D> = { draft: D; places: Place[] } | { refused: string } | null;

export interface Editor<D extends Doc = Doc> {
  kind: Kind;
  /** Around palette, canvas and inspector: what they share. */
  Around?: ComponentType<PropsWithChildren>;
  /** Left: what can be added. */
  Palette?: ComponentType;
  /** Middle: the document, drawn. Also draws old versions, then `readOnly`. */
  Canvas: ComponentType;
  /** Right: the settings of what is selected; of the document where nothing is. */
  Inspector?: ComponentType;
  /** Delete: without the selected elements. One call, one step back. */
  remove?(draft: D, places: readonly Place[]): D;
  /** Ctrl-A. */
  all?(draft: D): Place[];
  /** Ctrl-C: the selected elements as text. */
  copied?(draft: D, places: readonly Place[]): string | null;
  /** Ctrl-V and Ctrl-D. */
  pasted?(draft: D, text: string): Pasted<D>;
  /** What a deletion did besides, in words; empty where that is nothing. */
  removalWords?(before: D, after: D, places: readonly Place[]): string;
  /** The address of a page that shows the saved draft as people will see it. */
  preview?(where: Where): string;
  /** The address under which the saved draft is exported for other tools, and what that is called. */
  exported?: { address(where: Where): string; words: string };
  /** The draft with a fix that a problem offers. */
  mended?(draft: D, fix: readonly Mend[]): D;
  /** Its shortcuts, where they are not those of a canvas: code below `builder.keys`, keys. */
  keys?: readonly (readonly [string, string])[];
}
