/** What a step asks of a decision table, in its inspector: inputs from fields that fit, outputs into fields, and who by table. */
import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { useState } from 'react';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createStore } from 'zustand/vanilla';

import { SchemaForm } from '../../src/builder/config/SchemaForm';
import { WithDocument, WithSurroundings, type Surroundings } from '../../src/builder/context';
import { WithFields } from '../../src/builder/fields';
import { STEP_WIDGETS } from '../../src/builder/workflow/widgets';
import type { Api } from '../../src/core/api';
import type { FieldInfo } from '../../src/core/fields';
import type { Library, LibraryStore } from '../../src/core/library';
import { openRegions } from '../../src/core/regions';
import { viewDocument } from '../../src/core/store';
import type { Config, Doc, Schema } from '../../src/core/types';
import { DISPATCH, fieldType } from './a-table';

beforeEach(() => document.documentElement.setAttribute('lang', 'en'));
afterEach(cleanup);

const title = (en: string) => ({ 'zh-Hans': en, en });
const head = { id: '1', kind: 'table' as const, key: 'dispatch', title: DISPATCH.title, revision: 1, active: 1, changed: false, updated_at: '', updated_by: '', draft: DISPATCH as Doc };
const vocabulary = { nodes: [], fields: [fieldType('text'), fieldType('choice'), fieldType('money', { kind: 'number' })], operators: [], models: [], functions: {} };
const library = Object.assign(createStore<Library>(() => ({ vocabulary, documents: [head] })), { refresh: async () => undefined, create: async () => '' }) as LibraryStore;
const api = { get: async () => [] } as unknown as Api;
const FIELDS: FieldInfo[] = [['what', 'choice'], ['price', 'number'], ['words', 'text'], ['day', 'date']].map(([key, kind]) => ({ uid: key!, key: key!, type: kind!, kind: kind!, title: title(key!) }));
const SCHEMA: Schema = {
  type: 'object',
  properties: {
    table: { type: 'string', 'x-title': title('Table'), 'x-widget': 'table' },
    inputs: { type: 'object', 'x-title': title('Inputs'), 'x-widget': 'table-inputs' },
    outputs: { type: 'object', 'x-title': title('Outputs'), 'x-widget': 'table-outputs' },
    who: { type: 'object', 'x-title': title('Who'), 'x-widget': 'people' },
  },
};

let now: Config;

function Step({ first }: { first: Config }) {
  const [config, setConfig] = useState(first);
  now = config;
  return <SchemaForm schema={SCHEMA} value={config} pointer="/nodes/0/config" widgets={STEP_WIDGETS} onChange={(key, value) => setConfig({ ...config, [key]: value })} />;
}

function draw(first: Config) {
  const doc = { format: 1, uid: 'w', kind: 'workflow', key: 'w', title: title('w'), nodes: [], edges: [] } as unknown as Doc;
  const store = viewDocument({ id: 'd', kind: 'workflow' }, doc);
  store.setState({ readOnly: false });
  const surroundings: Surroundings = { api, library, regions: openRegions(api), where: { tenant: 't', id: 'd', kind: 'workflow', base: '/t/t', mayEdit: true, mayPublish: true, languages: ['zh-Hans', 'en'] } };
  render(
    <WithSurroundings value={surroundings}>
      <WithDocument store={store}>
        <WithFields value={FIELDS}><Step first={first} /></WithFields>
      </WithDocument>
    </WithSurroundings>,
  );
}

const offered = (label: string) => [...screen.getByLabelText<HTMLSelectElement>(label).options].map((one) => one.value).filter(Boolean);
const choose = (label: string, value: string) => fireEvent.change(screen.getByLabelText(label), { target: { value } });

test('a table is chosen, and its columns are given fields of a kind that fits', () => {
  draw({});
  expect(screen.getAllByText('Choose a decision table first.')).toHaveLength(2);
  choose('Table', 'dispatch');
  expect([offered('Line'), offered('Amount'), offered('Note')]).toEqual([['what', 'words'], ['price'], ['what', 'words']]);
  choose('Line', 'what');
  choose('Fee', 'price');
  expect(now).toEqual({ table: 'dispatch', inputs: { line: 'what' }, outputs: { fee: 'price' } });
  choose('Line', '');
  expect(now['inputs']).toEqual({});
});

test('a column that is gone stays to be seen, and can be taken away', () => {
  draw({ table: 'dispatch', inputs: { gone: 'what' } });
  expect(screen.getByText(/gone/)).toBeTruthy();
});

test('a table says who: its role is found by itself, a unit may narrow it', () => {
  draw({ who: { by: 'initiator' } });
  choose('Who', 'table');
  expect(now['who']).toEqual({ by: 'table', inputs: {} });
  choose('Decision table', 'dispatch');
  expect(now['who']).toEqual({ by: 'table', table: 'dispatch', inputs: {}, output: 'team' });
  choose('Amount', 'price');
  fireEvent.click(screen.getByLabelText('Only within a unit'));
  expect(now['who']).toEqual({ by: 'table', table: 'dispatch', inputs: { amount: 'price' }, output: 'team', unit: { of: 'initiator' } });
  fireEvent.click(screen.getByLabelText('Only within a unit'));
  expect(now['who']).not.toHaveProperty('unit');
});
