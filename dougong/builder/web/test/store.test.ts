// @vitest-environment jsdom
/** An open document with a fake server: undo is saved, kept work is offered, old versions do not change. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

import { ApiError, createApi, type Api } from '../src/core/api';
import { localKeep } from '../src/core/keep';
import { openDocument, viewDocument } from '../src/core/store';
import type { Doc, Opened } from '../src/core/types';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  localStorage.clear();
});

const doc = (title: string): Doc => ({ format: 1, uid: 'r', kind: 'role', key: 'desk', title: { 'zh-Hans': title } });

function opened(title = 'a', revision = 1): Opened<Doc> {
  return {
    id: 'd1',
    kind: 'role',
    key: 'desk',
    title: {},
    revision,
    active: null,
    changed: true,
    updated_at: '',
    updated_by: '',
    draft: doc(title),
    versions: [],
  };
}

function server(): Api & { puts: unknown[] } {
  const puts: unknown[] = [];
  const put = (_path: string, body: unknown) => {
    puts.push(body);
    return Promise.resolve({ revision: puts.length + 1, problems: [] });
  };
  return { puts, put, get: () => Promise.reject(new Error()), post: () => Promise.reject(new Error()) } as unknown as Api & { puts: unknown[] };
}

test('a change is drawn at once and saved later; so is its undoing', async () => {
  const api = server();
  const store = openDocument(opened(), api, localKeep<Doc>('acme', 'd1'));
  store.verbs.change(() => doc('b'));
  expect(store.getState()).toMatchObject({ draft: doc('b'), canUndo: true, save: { is: 'waiting' } });
  await vi.advanceTimersByTimeAsync(600);
  store.verbs.undo();
  await vi.advanceTimersByTimeAsync(600);
  expect(api.puts).toMatchObject([
    { revision: 1, draft: doc('b') },
    { revision: 2, draft: doc('a') },
  ]);
});

test('what is wrong is asked for once the draft is open; an answer that is older than a save is not taken', async () => {
  const problem = { code: 'check.unreachable' };
  const answers: ((saved: unknown) => void)[] = [];
  const api = { ...server(), get: () => new Promise((resolve) => answers.push(resolve)) } as unknown as Api;
  const store = openDocument(opened(), api, localKeep<Doc>('acme', 'd1'));
  void store.verbs.judge();
  expect(store.getState()).toMatchObject({ problems: [], judged: false });
  answers[0]?.({ revision: 1, problems: [problem] });
  await vi.advanceTimersByTimeAsync(0);
  expect(store.getState()).toMatchObject({ problems: [problem], judged: true });
  void store.verbs.judge();
  store.verbs.change(() => doc('b'));
  await vi.advanceTimersByTimeAsync(600);
  answers[1]?.({ revision: 1, problems: [problem] });
  await vi.advanceTimersByTimeAsync(0);
  expect(store.getState()).toMatchObject({ problems: [], judged: true });
});

test('of a new workflow on which nothing has been drawn nothing is said to be wrong, until something is', async () => {
  const blank = { ...doc('a'), kind: 'workflow', nodes: [{ uid: 'start' }, { uid: 'end' }], edges: [] } as Doc;
  const get = vi.fn(() => Promise.resolve({ revision: 1, problems: [{ code: 'check.workflow_without_form' }] }));
  const asked = async (found: Partial<Opened<Doc>>) => {
    await openDocument({ ...opened(), ...found }, { ...server(), get } as unknown as Api, localKeep<Doc>('acme', 'd1')).verbs.judge();
    return get.mock.calls.length;
  };
  expect(await asked({ draft: blank })).toBe(0);
  expect(await asked({ draft: { ...blank, form: 'request' } as Doc })).toBe(1);
  expect(await asked({ draft: blank, active: 1 })).toBe(2);
});

test('work that never reached the server is offered when the page is opened again', async () => {
  const keep = localKeep<Doc>('acme', 'd1');
  keep.put(1, doc('unsaved'), doc('a'));
  const api = server();
  const store = openDocument(opened(), api, localKeep<Doc>('acme', 'd1'));
  expect(store.getState().kept?.draft).toEqual(doc('unsaved'));
  store.verbs.takeKept();
  await vi.advanceTimersByTimeAsync(600);
  expect(api.puts).toMatchObject([{ draft: doc('unsaved') }]);
  expect(keep.find()).toBeNull();
});

test('work of an earlier visit meets what others have saved since, and neither is lost', async () => {
  const both = (title: string, words: string): Doc => ({ ...doc(title), description: { 'zh-Hans': words } });
  localKeep<Doc>('acme', 'd1').put(1, both('mine', 'a'), both('a', 'a'));
  const api = server();
  const puts: unknown[] = [];
  const put = (_path: string, body: { revision: number; draft: Doc }) => {
    puts.push(body);
    if (body.revision === 2) return Promise.resolve({ revision: 3, problems: [] });
    return Promise.reject(new ApiError(409, { error: { params: { who: '李雷' } }, current: { draft: both('a', 'theirs'), revision: 2 } }));
  };
  const store = openDocument({ ...opened('a', 2), draft: both('a', 'theirs') }, { ...api, put } as unknown as Api, localKeep<Doc>('acme', 'd1'));
  store.verbs.takeKept();
  await vi.advanceTimersByTimeAsync(5000);
  expect(puts).toMatchObject([{ revision: 1 }, { revision: 2, draft: both('mine', 'theirs') }]);
  expect(store.getState()).toMatchObject({ save: { is: 'saved' }, merged: { who: '李雷' } });
});

describe('somebody else has saved meanwhile', () => {
  const text = (title: string, words: string): Doc => ({ ...doc(title), description: { 'zh-Hans': words } });
  function meeting(theirs: Doc) {
    const puts: { revision: number; draft: Doc }[] = [];
    const put = (_path: string, body: { revision: number; draft: Doc }) => {
      puts.push(body);
      if (body.revision === 7) return Promise.resolve({ revision: 8, problems: [] });
      return Promise.reject(new ApiError(409, { error: { params: { who: '李雷' } }, current: { draft: theirs, revision: 7 } }));
    };
    const store = openDocument({ ...opened(), draft: text('a', 'a') }, { ...server(), put } as unknown as Api, localKeep<Doc>('acme', 'd1'));
    store.verbs.change(() => text('mine', 'a'));
    return { store, puts };
  }

  test('what does not collide is merged without a word but one, and a step back does not take it away', async () => {
    const { store, puts } = meeting(text('a', 'theirs'));
    await vi.advanceTimersByTimeAsync(2000);
    expect(puts.at(-1)).toMatchObject({ revision: 7, draft: text('mine', 'theirs') });
    expect(store.getState()).toMatchObject({ save: { is: 'saved' }, draft: text('mine', 'theirs'), merged: { who: '李雷', found: [{ is: 'changed' }] } });
    store.verbs.undo();
    expect(store.getState().draft).toEqual(text('a', 'theirs'));
    store.verbs.redo();
    expect(store.getState().draft).toEqual(text('mine', 'theirs'));
  });

  test('saving before publishing is not stopped by a merge', async () => {
    const { store } = meeting(text('a', 'theirs'));
    expect(await store.verbs.saveNow()).toBe(true);
  });

  test('what collides waits for a choice; theirs chosen, a step back brings ours again', async () => {
    const { store, puts } = meeting(text('theirs', 'theirs'));
    await vi.advanceTimersByTimeAsync(2000);
    expect(store.getState()).toMatchObject({ save: { is: 'conflict' }, draft: text('mine', 'a') });
    store.verbs.resolve(new Map([['value  title/zh-Hans', 'theirs']]));
    expect(store.getState().draft).toEqual(text('theirs', 'theirs'));
    store.verbs.undo();
    await vi.advanceTimersByTimeAsync(2000);
    expect(puts.at(-1)).toMatchObject({ revision: 7, draft: text('mine', 'theirs') });
  });

  test('nothing of ours is unsaved: theirs is taken in, and nothing sent', async () => {
    const { store, puts } = meeting(text('a', 'a'));
    store.verbs.undo();
    store.verbs.meet({ draft: text('a', 'theirs'), revision: 7 }, '李雷');
    await vi.advanceTimersByTimeAsync(2000);
    expect([store.getState().draft, puts]).toEqual([text('a', 'theirs'), []]);
  });
});

test('what is kept is not mixed up between tenants or documents, and nothing is offered that the server has', () => {
  localKeep<Doc>('acme', 'd1').put(1, doc('a'), doc('a'));
  localKeep<Doc>('globex', 'd1').put(1, doc('theirs'), doc('a'));
  localKeep<Doc>('acme', 'd2').put(1, doc('other'), doc('a'));
  expect(openDocument(opened(), server(), localKeep<Doc>('acme', 'd1')).getState().kept).toBeNull();
});

test('an old version can be looked at and not changed', () => {
  const store = viewDocument({ id: 'd1', kind: 'role' }, doc('old'));
  store.verbs.change(() => doc('new'));
  expect(store.getState()).toMatchObject({ readOnly: true, draft: doc('old') });
});

test('moving boxes is no change to be published', () => {
  const store = openDocument({ ...opened(), changed: false }, server(), localKeep<Doc>('acme', 'd1'));
  store.verbs.change((draft) => ({ ...draft, layout: {} }) as Doc);
  expect(store.getState().changed).toBe(false);
  store.verbs.change(() => doc('b'));
  expect(store.getState().changed).toBe(true);
});

test('the session ended and began anew: the token is read again from the page; a sign-in page is no JSON', async () => {
  document.head.innerHTML = '<meta name="csrf-token" content="old">';
  const tokens: string[] = [];
  const page = '<meta name="csrf-token" content="new"><div id="builder"></div>';
  const ask = ((_address: string, init: RequestInit) => {
    const sent = (init.headers as Record<string, string>)['X-CSRFToken'];
    if (sent === undefined) return Promise.resolve(new Response(page));
    tokens.push(sent);
    if (sent === 'old') return Promise.resolve(new Response('{"error": {"code": "error.csrf"}}', { status: 400 }));
    return Promise.resolve(new Response('{"ok": true}'));
  }) as unknown as typeof fetch;
  expect(await createApi({ base: '/api', fetch: ask }).put('/x', {})).toEqual({ ok: true });
  expect(tokens).toEqual(['old', 'new']);

  const signIn = (() => Promise.resolve(new Response('<form>'))) as unknown as typeof fetch;
  await expect(createApi({ base: '/api', fetch: signIn }).get('/x')).rejects.toMatchObject({ status: 401 });
  await expect(createApi({ base: '/api', fetch: signIn }).get('/x')).rejects.toBeInstanceOf(ApiError);
});
