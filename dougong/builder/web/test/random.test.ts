/** Any edits of a workflow, one after another: valid at the end, no way to a step that is not there, no decision that loses its 其他情况; undone to the first, redone to the last. */
import { expect, test } from 'vitest';

import { aligned, distributed, SIDES } from '../src/builder/workflow/align';
import { addWhole, insertWhole } from '../src/builder/workflow/branches';
import { copied, pasted } from '../src/builder/workflow/clipboard';
import { connect, decides, makeDefault, mayConnect, moveEdge, newNode, placed, reconnect, waysOut } from '../src/builder/workflow/edits';
import { addNote, newNote } from '../src/builder/workflow/notes';
import { remove } from '../src/builder/workflow/removing';
import { othersFor, retyped } from '../src/builder/workflow/retype';
import { tidied } from '../src/builder/workflow/tidy';
import { History } from '../src/core/history';
import type { Place, WorkflowDoc } from '../src/core/types';
import { dice } from './dice';
import { expectValid, TYPES, workflow } from './documents';
import { backAndOn } from './triple';

function anyEdit(doc: WorkflowDoc, throws: (sides: number) => number): WorkflowDoc {
  const one = <T>(list: readonly T[]): T => list[throws(list.length)] as T;
  const [node, other, edge] = [one(doc.nodes), one(doc.nodes), one(doc.edges)];
  const some: Place[] = [...doc.nodes, ...(doc.notes ?? [])].filter(() => throws(4) === 0).map(({ uid }) => ({ group: doc.notes?.some((note) => note.uid === uid) ? 'notes' : 'nodes', uid }));
  const boxes = some.map((place) => place.uid);
  const type = one(TYPES.filter((found) => found.ways_in[1] !== 0 && found.ways_out[1] !== 0));
  const at = { x: throws(2000), y: throws(900) };
  const edits: (() => WorkflowDoc)[] = [
    () => (edge ? insertWhole(doc, edge.uid, type, at, TYPES).doc : doc),
    () => (node.type === 'end' ? doc : addWhole(doc, node.uid, newNode(doc, type), TYPES)),
    () => (mayConnect(doc, node.uid, other.uid, TYPES) ? connect(doc, node.uid, other.uid, TYPES) : doc),
    () => (edge && mayConnect(doc, node.uid, other.uid, TYPES) ? reconnect(doc, edge.uid, node.uid, other.uid) : doc),
    () => (edge && decides(doc.nodes.find((found) => found.uid === edge.source)) && !edge.on ? makeDefault(doc, edge.uid) : doc),
    () => (edge ? moveEdge(doc, edge.uid, throws(2) ? 1 : -1) : doc),
    () => (boxes.length ? aligned(doc, boxes, one(SIDES)) : doc),
    () => distributed(doc, boxes, throws(2) ? 'x' : 'y'),
    () => placed(doc, { [node.uid]: at }),
    () => tidied(doc),
    () => addNote(doc, newNote(), at),
    () => (node.type === 'start' ? doc : retyped(doc, node.uid, one(othersFor(doc, node.uid, TYPES)), TYPES)),
    () => remove(doc, [node.type === 'start' ? { group: 'edges', uid: edge?.uid ?? '' } : { group: 'nodes', uid: node.uid }]),
    () => remove(doc, throws(3) || !edge ? [] : [{ group: 'edges', uid: edge.uid }]),
    () => pastedOr(doc, copied(doc, some)),
  ];
  return one(edits)();
}

function pastedOr(doc: WorkflowDoc, text: string | null): WorkflowDoc {
  const found = text && doc.nodes.length < 60 ? pasted(doc, text) : null;
  return found && 'draft' in found ? found.draft : doc;
}

test.each(Array.from({ length: 20 }, (_, index) => index))('two hundred edits, by the dice of %i', (seed) => {
  const throws = dice(seed);
  const first = workflow();
  const history = new History(first, { limit: 1000 });
  const seen = [first];
  for (let step = 0; step < 200; step += 1) {
    const before = history.present;
    const after = anyEdit(before, throws);
    history.change(after);
    if (after !== before) seen.push(after);
    const uids = new Set(after.nodes.map((node) => node.uid));
    expect(after.edges.every((edge) => uids.has(edge.source) && uids.has(edge.target))).toBe(true);
    const defaults = (doc: WorkflowDoc, uid: string) => waysOut(doc, uid).filter((edge) => edge.default).length;
    for (const { uid } of after.nodes.filter(decides)) {
      const kept = defaults(before, uid) && waysOut(after, uid).length ? 1 : 0;
      expect(defaults(after, uid), `${seed}/${step}: ${uid}`).toBeGreaterThanOrEqual(kept);
      expect(defaults(after, uid)).toBeLessThan(2);
    }
  }
  expectValid(history.present);
  backAndOn(history, seen);
});
