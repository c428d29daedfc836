/** Notes: what people write beside the steps. Their words belong to the document, their places to its layout, as with steps. */
import { LANGUAGES, pick } from '../../core/i18n';
import type { Note, Point, Text, WorkflowDoc } from '../../core/types';
import { newUid } from '../../core/uid';
import { CARD, placed, pointOf, type Size } from './edits';

export const MOST_NOTES = 200;
const WIDTH = 208;
const LINE = 20;
const PADDING = 20;
/** How many Chinese characters stand in a line; others take about half as much. */
const IN_LINE = 13;
const MOST_LINES = 12;

export function noteOf(doc: WorkflowDoc, uid: string): Note | undefined {
  return doc.notes?.find((note) => note.uid === uid);
}

/** As high as its words need in the language that is shown, within bounds: what is longer scrolls. */
export function noteSize(note: Note): Size {
  const lines = pick(note.text).split('\n').reduce((sum, line) => sum + Math.max(1, Math.ceil(widthOf(line) / IN_LINE)), 0);
  return { width: WIDTH, height: PADDING + LINE * Math.min(MOST_LINES, Math.max(2, lines)) };
}

function widthOf(line: string): number {
  return [...line].reduce((sum, sign) => sum + (sign > '\u2e7f' ? 1 : 0.56), 0);
}

/** How large a box is: that of a step, or of a note. */
export function sizeOf(doc: WorkflowDoc, uid: string): Size {
  const note = noteOf(doc, uid);
  return note ? noteSize(note) : CARD;
}

export function newNote(): Note {
  return { uid: newUid(), text: Object.fromEntries(LANGUAGES.map((tag) => [tag, ''])) };
}

/** Beside what stands there; with the most there may be, nothing. */
export function addNote(doc: WorkflowDoc, note: Note, at: Point): WorkflowDoc {
  const notes = doc.notes ?? [];
  return notes.length < MOST_NOTES ? placed({ ...doc, notes: [...notes, note] }, { [note.uid]: at }) : doc;
}

export function setNote(doc: WorkflowDoc, uid: string, text: Text): WorkflowDoc {
  return { ...doc, notes: doc.notes?.map((note) => (note.uid === uid ? { ...note, text } : note)) ?? [] };
}

/** Where notes go when the steps have moved: along with the step that was nearest. */
export function carried(doc: WorkflowDoc, points: Readonly<Record<string, Point>>): Record<string, Point> {
  const far = (one: Point, other: Point) => Math.hypot(one.x - other.x, one.y - other.y);
  const found = (doc.notes ?? []).map(({ uid }) => {
    const at = pointOf(doc, uid);
    const [nearest] = doc.nodes.map((node) => pointOf(doc, node.uid)).map((point, index) => ({ point, index })).sort((one, other) => far(one.point, at) - far(other.point, at));
    const to = nearest && points[doc.nodes[nearest.index]?.uid ?? ''];
    return [uid, to ? { x: at.x + to.x - nearest.point.x, y: at.y + to.y - nearest.point.y } : at] as const;
  });
  return Object.fromEntries(found);
}
