/** Saving: debounced, one at a time, patient when offline, careful when somebody else saved. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { ApiError, Unreachable } from '../src/core/api';
import type { Keep } from '../src/core/keep';
import { Saver, type SaveState } from '../src/core/saver';

interface Note {
  title: string;
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

type Answer = () => Promise<{ revision: number; problems: [] }>;

function desk(...answers: Answer[]) {
  let draft: Note = { title: 'a' };
  const sent: [number, Note][] = [];
  const states: SaveState<Note>['is'][] = [];
  const kept: [number, Note][] = [];
  let cleared = 0;
  const keep: Keep<Note> = { put: (revision, note) => void kept.push([revision, note]), clear: () => void (cleared += 1), find: () => null };
  const put = (revision: number, note: Note) => {
    sent.push([revision, note]);
    return (answers.shift() ?? fine(revision + 1))();
  };
  const merge = (base: Note, theirs: Note) => {
    if (draft.title !== base.title) return false;
    draft = theirs;
    return true;
  };
  const saver = new Saver<Note>(1, draft, { read: () => draft, merge, put, keep, told: (state) => void states.push(state.is) });
  const type = (title: string) => {
    draft = { title };
    saver.touch();
  };
  return { saver, sent, states, kept, type, cleared: () => cleared, replace: (note: Note) => (draft = note) };
}

const fine =
  (revision: number): Answer =>
  () =>
    Promise.resolve({ revision, problems: [] });
const away: Answer = () => Promise.reject(new Unreachable('offline'));
const refusing =
  (status: number, body: Record<string, unknown> = {}): Answer =>
  () =>
    Promise.reject(new ApiError(status, body));
const stale = (draft: Note, revision: number) =>
  refusing(409, { error: { code: 'document.stale', params: { who: '李雷' } }, current: { draft, revision } });

test('a burst of typing is one save, on the revision it was made on', async () => {
  const { saver, sent, type, states } = desk();
  for (const title of ['b', 'bc', 'bcd']) {
    type(title);
    await vi.advanceTimersByTimeAsync(100);
  }
  expect(sent).toEqual([]);
  await vi.advanceTimersByTimeAsync(600);
  expect(sent).toEqual([[1, { title: 'bcd' }]]);
  expect([saver.revision, saver.unsaved, states.at(-1)]).toEqual([2, false, 'saved']);
});

test('what is typed while a save is under way goes with the next, never two at once', async () => {
  let answer: (value: { revision: number; problems: [] }) => void = () => undefined;
  const slow: Answer = () => new Promise((done) => (answer = done));
  const { saver, sent, type } = desk(slow);
  type('b');
  await vi.advanceTimersByTimeAsync(700);
  type('c');
  await vi.advanceTimersByTimeAsync(5000);
  expect(sent).toHaveLength(1);
  answer({ revision: 2, problems: [] });
  await vi.advanceTimersByTimeAsync(700);
  expect(sent).toEqual([
    [1, { title: 'b' }],
    [2, { title: 'c' }],
  ]);
  expect(saver.unsaved).toBe(false);
});

test('offline: says so, keeps the work, tries again with longer and longer breaks', async () => {
  const { saver, sent, states, kept, type } = desk(away, refusing(503), away);
  type('b');
  await vi.advanceTimersByTimeAsync(600);
  expect([states.at(-1), saver.unsaved, kept.at(-1)]).toEqual(['offline', true, [1, { title: 'b' }]]);
  type('c');
  await vi.advanceTimersByTimeAsync(1000);
  expect(sent).toHaveLength(2);
  await vi.advanceTimersByTimeAsync(1999);
  expect(sent).toHaveLength(2);
  await vi.advanceTimersByTimeAsync(1);
  expect(sent).toHaveLength(3);
  await vi.advanceTimersByTimeAsync(4000);
  expect([sent.at(-1), states.at(-1)]).toEqual([[1, { title: 'c' }], 'saved']);
});

test('somebody else saved: nothing is overwritten until it is decided', async () => {
  const { saver, sent, states, type } = desk(stale({ title: 'theirs' }, 7));
  type('mine');
  await vi.advanceTimersByTimeAsync(600);
  expect(saver.state).toMatchObject({ is: 'conflict', who: '李雷', theirs: { revision: 7 } });
  type('mine too');
  await vi.advanceTimersByTimeAsync(60_000);
  expect(sent).toHaveLength(1);
  saver.adopt(7, { title: 'theirs' });
  await vi.advanceTimersByTimeAsync(600);
  expect([sent.at(-1), states.at(-1), saver.revision]).toEqual([[7, { title: 'mine too' }], 'saved', 8]);
});

test('somebody else saved: theirs taken', async () => {
  const { saver, type, states, replace } = desk(stale({ title: 'theirs' }, 7));
  type('mine');
  await vi.advanceTimersByTimeAsync(600);
  const theirs = { title: 'theirs' };
  replace(theirs);
  saver.adopt(7, theirs);
  expect([saver.revision, saver.unsaved, states.at(-1)]).toEqual([7, false, 'saved']);
});

test('an answer that got lost is no conflict: the server has just what we sent', async () => {
  const { saver, states, type } = desk(away, stale({ title: 'b' }, 2));
  type('b');
  await vi.advanceTimersByTimeAsync(2000);
  expect([saver.revision, states.at(-1)]).toEqual([2, 'saved']);
});

test('nor is it one when more was typed since: the server has what we sent before', async () => {
  const { saver, sent, states, type } = desk(away, stale({ title: 'b' }, 2), fine(3));
  type('b');
  await vi.advanceTimersByTimeAsync(700);
  type('bc');
  await vi.advanceTimersByTimeAsync(3000);
  expect(sent).toEqual([[1, { title: 'b' }], [1, { title: 'bc' }], [2, { title: 'bc' }]]);
  expect([saver.revision, states.includes('conflict'), states.at(-1)]).toEqual([3, false, 'saved']);
});

test('the session ended: waits, and goes on when asked to', async () => {
  const { saver, sent, states, kept, type } = desk(refusing(401));
  type('b');
  await vi.advanceTimersByTimeAsync(600);
  expect([states.at(-1), kept.length > 0]).toEqual(['signed-out', true]);
  type('c');
  await vi.advanceTimersByTimeAsync(60_000);
  expect(sent).toHaveLength(1);
  expect(await saver.flush()).toBe(true);
  expect(sent.at(-1)).toEqual([1, { title: 'c' }]);
});

test('refused: says why, and the next change is tried again', async () => {
  const { saver, states, sent, type } = desk(refusing(422, { error: { code: 'schema.pattern', path: '/key', message: '不对' } }));
  type('b');
  await vi.advanceTimersByTimeAsync(600);
  expect(saver.state).toMatchObject({ is: 'refused', refusal: { path: '/key', message: '不对' } });
  type('c');
  await vi.advanceTimersByTimeAsync(600);
  expect([sent.length, states.at(-1)]).toEqual([2, 'saved']);
});

test.each([
  [403, 'forbidden'],
  [404, 'gone'],
] as const)('%i is %s, and not tried for ever', async (status, state) => {
  const { states, sent, type } = desk(refusing(status));
  type('b');
  await vi.advanceTimersByTimeAsync(120_000);
  expect([states.at(-1), sent.length]).toEqual([state, 1]);
});

test('saved work is not kept in the browser any longer; unsaved work is, a moment after each key', async () => {
  const { kept, cleared, type } = desk();
  type('b');
  await vi.advanceTimersByTimeAsync(200);
  expect(kept).toEqual([[1, { title: 'b' }]]);
  await vi.advanceTimersByTimeAsync(600);
  expect(cleared()).toBe(1);
});

test('somebody who types without a pause has all but the last moment kept', async () => {
  const { kept, type } = desk();
  for (const title of ['b', 'bc', 'bcd', 'bcde']) {
    type(title);
    await vi.advanceTimersByTimeAsync(100);
  }
  expect(kept).toEqual([[1, { title: 'bc' }], [1, { title: 'bcde' }]]);
});

test('saving now waits for no timer', async () => {
  const { saver, sent, type } = desk();
  type('b');
  expect(await saver.flush()).toBe(true);
  expect(sent).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(5000);
  expect(sent).toHaveLength(1);
});
