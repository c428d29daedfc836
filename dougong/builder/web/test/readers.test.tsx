/** Which fields a role reads: a card each, drawn and changed as people use it. */
import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import axe from 'axe-core';
import { useState } from 'react';
import { afterEach, expect, test } from 'vitest';
import { createStore } from 'zustand/vanilla';

import { WithDocument, WithSurroundings, type Surroundings } from '../src/builder/context';
import { WithFields } from '../src/builder/fields';
import { Readers } from '../src/builder/workflow/Readers';
import type { Api } from '../src/core/api';
import type { Library, LibraryStore } from '../src/core/library';
import { openRegions } from '../src/core/regions';
import { viewDocument } from '../src/core/store';
import type { Doc, Reader } from '../src/core/types';
import { FIELDS, text } from './documents';

afterEach(cleanup);

const doc: Doc = { format: 1, uid: 'd', kind: 'workflow', key: 'k', title: text('d') };
const role = { id: '1', kind: 'role' as const, key: 'desk', title: text('前台'), revision: 1, active: null, changed: true, updated_at: '', updated_by: '', draft: doc };
const vocabulary = { nodes: [], fields: [], operators: [], models: [], functions: {} };
const library = Object.assign(createStore<Library>(() => ({ vocabulary, documents: [role] })), { refresh: async () => undefined, create: async () => 'desk' }) as LibraryStore;
const api = { get: async () => [] } as unknown as Api;

function draw(first: Reader[] = []) {
  let last: Reader[] | undefined = first;
  function Kept() {
    const [value, set] = useState<Reader[]>(first);
    return <Readers value={value} onChange={(next) => set((last = next) ?? [])} disabled={false} />;
  }
  const surroundings: Surroundings = { api, library, regions: openRegions(api), where: { tenant: 't', id: 'd', kind: 'workflow', base: '/t/t', mayEdit: true, mayPublish: true, languages: ['zh-Hans', 'en'] } };
  const drawn = render(
    <WithSurroundings value={surroundings}>
      <WithDocument store={viewDocument({ id: 'd', kind: 'workflow' }, doc)}>
        <WithFields value={FIELDS}>
          <Kept />
        </WithFields>
      </WithDocument>
    </WithSurroundings>,
  );
  return { drawn, last: () => last };
}

const field = FIELDS[0]!;

test('a role is added, may not see a field, and is limited no longer', () => {
  const { last } = draw();
  fireEvent.click(screen.getByText('添加角色'));
  expect(last()).toMatchObject([{ who: 'role:desk', rights: {} }]);
  fireEvent.click(screen.getByLabelText(`${field.title['zh-Hans']}: 隐藏`));
  expect(last()).toMatchObject([{ rights: { [field.key]: 'hidden' } }]);
  fireEvent.click(screen.getByLabelText('不再限制“前台”'));
  expect(last()).toBeUndefined();
});

test('a role is offered once, and those of the platform too', () => {
  const { last } = draw([{ uid: 'r', who: 'role:desk', rights: {} }]);
  fireEvent.click(screen.getByText('添加角色'));
  expect(last()?.map((one) => one.who)).toEqual(['role:desk', 'platform:tenant_admin']);
  const offered = (screen.getAllByRole('combobox')[1] as HTMLSelectElement).options;
  expect([...offered].map((one) => one.value)).not.toContain('role:desk');
});

test('it can be read by everybody', async () => {
  const { drawn } = draw([{ uid: 'r', who: 'platform:viewer', rights: { '*': 'hidden' } }]);
  const found = await axe.run(drawn.container, { rules: { 'color-contrast': { enabled: false }, region: { enabled: false } } });
  expect(found.violations).toEqual([]);
});
