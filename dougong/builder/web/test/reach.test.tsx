/** How does a ticket get here: asked when it is opened, told in words, the ways lit as long as it is open. */
import { cleanup, fireEvent, screen, waitFor } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';

import type { Editor } from '../src/builder/editor';
import { Inspector } from '../src/builder/workflow/Inspector';
import { WithBlocks } from '../src/builder/workflow/useBlocks';
import { WithFields } from '../src/builder/fields';
import { ApiError } from '../src/core/api';
import { FIELDS, text, typeNamed, workflow } from './documents';
import { drawn } from './drawn';

afterEach(cleanup);

const answer = {
  sentence: '',
  passes: [{ node: 'task', title: text('处理') }],
  needs: [{ code: 'reach.condition', message: '等级 属于 vip' }],
  must: ['e1', 'e2'],
  may: ['ea'],
};
const editor = {
  kind: 'workflow',
  Canvas: () => null,
  Inspector: () => (
    <WithBlocks>
      <WithFields value={FIELDS}>
        <Inspector />
      </WithFields>
    </WithBlocks>
  ),
} as unknown as Editor;

function opened(post: (path: string, body: unknown) => Promise<unknown>) {
  const { store } = drawn(editor, workflow(), { vocabulary: { nodes: ['start', 'user_task', 'decide', 'end'].map(typeNamed) }, post });
  store.verbs.select([{ group: 'nodes', uid: 'a' }]);
  return store;
}

const fold = () => screen.findByText('工单怎样到这里？');

test('nothing is asked until it is opened; then it is told, and the ways are lit', async () => {
  const post = vi.fn(async () => answer);
  const store = opened(post);
  const title = await fold();
  expect(post).not.toHaveBeenCalled();
  fireEvent.click(title);
  expect(await screen.findByText('等级 属于 vip')).toBeTruthy();
  expect(post).toHaveBeenCalledWith('/reach', { draft: store.getState().draft, node: 'a' });
  await waitFor(() => expect(store.getState().lit).toEqual({ e1: 'must', e2: 'must', ea: 'may' })); // a moment after it is told
  fireEvent.click(screen.getByText('处理'));
  expect(store.getState().selection).toEqual([{ group: 'nodes', uid: 'task' }]);
  store.verbs.select([]);
  await waitFor(() => expect(store.getState().lit).toEqual({}));
});

test('what the server refuses is told, and nothing is lit', async () => {
  const store = opened(() => Promise.reject(new ApiError(422, { error: { message: '不行' } })));
  if (!screen.queryByRole('status')) await fold();
  expect(await screen.findByText('不行')).toBeTruthy();
  expect(store.getState().lit).toEqual({});
});
