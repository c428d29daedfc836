/** What the publish dialog says beforehand. */
import { act, cleanup, screen } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';

import { PublishDialog } from '../src/builder/dialogs/PublishDialog';
import { workflow } from './documents';
import { drawn } from './drawn';

afterEach(cleanup);

test('a draft that is the version in force already is said to be so', async () => {
  HTMLDialogElement.prototype.showModal ??= () => undefined;
  const { store } = drawn({ Canvas: () => <PublishDialog close={() => undefined} /> } as never, workflow(), { vocabulary: {} });
  const said = () => screen.queryByText(/^(版本 3 发布后没有改动|Nothing has changed since version 3)$/);
  await act(async () => store.setState({ active: 3, changed: false }));
  expect(said()).not.toBeNull();
  await act(async () => store.setState({ changed: true }));
  expect(said()).toBeNull();
});
