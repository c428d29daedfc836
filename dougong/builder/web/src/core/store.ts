/** One open document: its draft (the model that everything is drawn from), what is selected, what is wrong with it, and how far it is saved. */
import { createStore, type StoreApi } from 'zustand/vanilla';

import type { Api } from './api';
import type { Mark } from './compare';
import { differences, type Difference } from './differences';
import { isBlank } from './elements';
import { History } from './history';
import type { Keep, Kept } from './keep';
import { merge, type Choices } from './merge';
import { same } from './same';
import { Saver, type Saved, type SaveState, type Theirs } from './saver';
import type { Doc, Kind, Opened, Place, Problem, Version } from './types';

export interface Open<D extends Doc = Doc> {
  id: string;
  kind: Kind;
  draft: D;
  problems: Problem[];
  /** Are these the problems? Before the server has looked, nothing is known of any. */
  judged: boolean;
  versions: Version[];
  active: number | null;
  /** Does the draft say something else than the version in force? */
  changed: boolean;
  save: SaveState<D>;
  selection: readonly Place[];
  /** Where to look: set by a click on a problem, whose path it is; `at` tells two clicks apart. A place without a uid is none. */
  look: { place: Place; at: number; along: readonly string[]; path: string } | null;
  /** The problem whose counterexample is being played. */
  showing: Problem | null;
  /** Elements that are pointed out, by uid, and how. */
  lit: Readonly<Record<string, string>>;
  canUndo: boolean;
  canRedo: boolean;
  /** An old version, or no right to edit: verbs that change do nothing. */
  readOnly: boolean;
  /** By uid, where two versions are compared: what has become of each element. */
  marks: Readonly<Record<string, Mark>>;
  /** What somebody else's changes brought into the draft by themselves, until it is taken note of. */
  merged: { who: string; found: Difference[] } | null;
  /** Unsaved work of an earlier visit, until it is taken or dropped. */
  kept: Kept<D> | null;
}

export interface Verbs<D extends Doc = Doc> {
  /** The one door: `edit` answers a new document. `key` merges a burst of typing into one step back. */
  change(edit: (draft: D) => D, key?: string): void;
  begin(): void;
  end(): void;
  cancel(): void;
  undo(): void;
  redo(): void;
  select(places: readonly Place[]): void;
  /** `along`: the uids of steps that are to be seen with it. */
  lookAt(place: Place, along?: readonly string[], path?: string): void;
  /** Play how a problem comes about; null: no more. */
  play(problem: Problem | null): void;
  /** Point out elements: uid to how; none: no more. */
  light(lit: Readonly<Record<string, string>>): void;
  saveNow(): Promise<boolean>;
  /** Ask what is wrong with the draft as the server has it, unless it is still blank; after that every save says so. */
  judge(): Promise<void>;
  /** Somebody else has saved. */
  meet(theirs: Theirs<D>, who: string): void;
  /** Where both changed the same: whose change stands. */
  resolve(choices: Choices): void;
  noted(): void;
  takeKept(): void;
  dropKept(): void;
  /** The server has published, restored or renewed: take over what it says. */
  renew(opened: Opened<D>): void;
  stop(): void;
}

export interface DocumentStore<D extends Doc = Doc> extends StoreApi<Open<D>> {
  verbs: Verbs<D>;
  saver: Saver<D> | null;
}

export function openDocument<D extends Doc>(opened: Opened<D>, api: Api, keep: Keep<D>, readOnly = false): DocumentStore<D> {
  const kept = readOnly ? null : keep.find();
  const worth = kept && !same(kept.draft, opened.draft) ? kept : null;
  if (kept && !worth) keep.clear();
  const state = createStore<Open<D>>(() => ({ ...shown(opened), readOnly, kept: worth }));
  const history = new History<D>(opened.draft);
  const saver: Saver<D> = new Saver(opened.revision, opened.draft, {
    read: () => history.present,
    put: (revision, draft) => api.put(`/documents/${opened.id}`, { revision, draft }),
    merge: (base, theirs, who) => {
      const found = differences(base, theirs);
      if (merge(base, history.present, theirs).collisions.length) return false;
      history.rebase((entry) => onto(theirs, base, entry));
      state.setState({ draft: history.present, showing: null, ...(found.length ? { changed: true, merged: { who, found } } : {}) });
      return true;
    },
    told: (save, saved) => state.setState(saved ? { save, problems: saved.problems, judged: true } : { save }),
    keep,
  });

  function show(from: D): void {
    const { canUndo, canRedo, present } = history;
    const changed = state.getState().changed || !sameButLayout(from, present);
    state.setState({ draft: present, canUndo, canRedo, changed, showing: null });
    saver.touch();
  }

  function moved(step: () => void): void {
    if (readOnly) return;
    const from = history.present;
    step();
    if (history.present !== from) show(from);
  }

  const verbs: Verbs<D> = {
    change: (edit, key) => moved(() => history.change(edit(history.present), key)),
    begin: () => history.begin(),
    end: () => {
      history.end(same);
      show(history.present);
    },
    cancel: () => moved(() => history.cancel()),
    undo: () => moved(() => history.undo()),
    redo: () => moved(() => history.redo()),
    select: (selection) => state.setState({ selection }),
    lookAt: (place, along = [], path = '') => state.setState(lookingAt(place, along, path)),
    play: (showing) => state.setState({ showing }),
    light: (lit) => state.setState({ lit }),
    saveNow: () => saver.flush(),
    judge: async () => {
      if (opened.active === null && isBlank(history.present)) return;
      const { problems: known } = state.getState();
      const found = await api.get<Saved>(`/documents/${opened.id}/problems`).catch(() => null); // the next save says it as well
      if (found && state.getState().problems === known) state.setState({ problems: found.problems, judged: true });
    },
    meet: (theirs, who) => saver.meet(theirs, who),
    resolve: (choices) => {
      if (saver.state.is !== 'conflict') return;
      const { draft: theirs, revision } = saver.state.theirs;
      const base = saver.saved;
      const { doc } = merge(base, history.present, theirs, choices);
      history.rebase((entry) => onto(theirs, base, entry));
      if (!same(doc, history.present)) history.change(doc);
      saver.adopt(revision, theirs);
      show(theirs);
    },
    noted: () => state.setState({ merged: null }),
    takeKept: () => {
      const found = state.getState().kept;
      state.setState({ kept: null });
      if (!found) return;
      moved(() => history.change(found.draft));
      if (found.base) saver.adopt(found.revision, found.base); // others may have saved since: it goes on from where it began, and meets them
    },
    dropKept: () => {
      keep.clear();
      state.setState({ kept: null });
    },
    renew: (fresh) => {
      if (!same(fresh.draft, history.present)) moved(() => history.change(fresh.draft));
      const draft = history.present;
      state.setState({
        ...shown(fresh),
        draft,
        problems: state.getState().problems,
        save: saver.state,
        selection: state.getState().selection,
        canUndo: history.canUndo,
        canRedo: history.canRedo,
      });
      saver.adopt(fresh.revision, draft);
      void verbs.judge();
    },
    stop: () => saver.stop(),
  };
  return Object.assign(state, { verbs, saver });
}

/** A document that can be looked at and not changed: an old version. */
export function viewDocument<D extends Doc>(head: Pick<Opened<D>, 'id' | 'kind'>, body: D): DocumentStore<D> {
  const opened = { ...head, draft: body, versions: [], active: null, changed: false };
  const state = createStore<Open<D>>(() => ({ ...shown(opened), readOnly: true, kept: null }));
  const nothing = () => undefined;
  const no = () => Promise.resolve(false);
  const verbs: Verbs<D> = {
    change: nothing,
    begin: nothing,
    end: nothing,
    cancel: nothing,
    undo: nothing,
    redo: nothing,
    saveNow: no,
    judge: () => Promise.resolve(),
    meet: nothing,
    resolve: nothing,
    noted: nothing,
    takeKept: nothing,
    dropKept: nothing,
    renew: nothing,
    stop: nothing,
    select: (selection) => state.setState({ selection }),
    play: nothing,
    light: (lit) => state.setState({ lit }),
    lookAt: (place, along = [], path = '') => state.setState(lookingAt(place, along, path)),
  };
  return Object.assign(state, { verbs, saver: null });
}

function lookingAt(place: Place, along: readonly string[], path: string): Pick<Open<Doc>, 'selection' | 'look'> {
  return { selection: place.uid ? [place] : [], look: { place, at: performance.now(), along, path } };
}

type Shown<D extends Doc> = Pick<Opened<D>, 'id' | 'kind' | 'draft' | 'versions' | 'active' | 'changed'>;

function shown<D extends Doc>({ id, kind, draft, versions, active, changed }: Shown<D>): Omit<Open<D>, 'readOnly' | 'kept'> {
  return { id, kind, draft, problems: [], judged: false, versions, active, changed, save: { is: 'saved' }, selection: [], look: null, showing: null, lit: {}, marks: {}, merged: null, canUndo: false, canRedo: false };
}

/** An earlier draft, with what they changed since. */
function onto<D extends Doc>(theirs: D, base: D, entry: D): D {
  return same(entry, base) ? theirs : merge(base, entry, theirs).doc;
}

/** Moving a box is no change. */
function sameButLayout(one: object, other: object): boolean {
  const a = one as Record<string, unknown>;
  const b = other as Record<string, unknown>;
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].every((key) => key === 'layout' || a[key] === b[key]);
}
