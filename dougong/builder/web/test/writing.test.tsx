/** What a step writes into records, in its inspector: the type is chosen, then which record, then its fields; a number may be added to. */
import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { useState } from 'react';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createStore } from 'zustand/vanilla';

import { SchemaForm } from '../src/builder/config/SchemaForm';
import { WithDocument, WithSurroundings, type Surroundings } from '../src/builder/context';
import { WithFields } from '../src/builder/fields';
import { STEP_WIDGETS } from '../src/builder/workflow/widgets';
import type { Api } from '../src/core/api';
import type { FieldInfo } from '../src/core/fields';
import type { Library, LibraryStore } from '../src/core/library';
import { openRegions } from '../src/core/regions';
import { viewDocument } from '../src/core/store';
import type { Config, Doc, Schema } from '../src/core/types';
import { fieldType } from './table/a-table';

beforeEach(() => document.documentElement.setAttribute('lang', 'en'));
afterEach(cleanup);

const title = (en: string) => ({ 'zh-Hans': en, en });
const one = (key: string, type: string, config?: Config): FieldInfo => ({ uid: key, key, type, kind: type, title: title(key), ...(config ? { config } : {}) });
const PART = { format: 1, uid: 'p', kind: 'entity', key: 'part', title: title('Part'), sections: [{ uid: 's', fields: [one('name', 'text'), one('stock', 'number'), one('photo', 'files'), one('worth', 'formula')] }] };
const head = { id: '1', kind: 'entity' as const, key: 'part', title: PART.title, revision: 1, active: 1, changed: false, updated_at: '', updated_by: '', draft: PART as unknown as Doc };
const types = [fieldType('text'), fieldType('number', { kind: 'number' }), fieldType('files', { kind: 'files' }), fieldType('formula', { kind: 'number', computed: true })];
const vocabulary = { nodes: [], fields: types, operators: [], models: [], functions: {} };
const library = Object.assign(createStore<Library>(() => ({ vocabulary, documents: [head] })), { refresh: async () => undefined, create: async () => '' }) as LibraryStore;
const api = { get: async () => [] } as unknown as Api;
const LINE = [one('part', 'record', { entity: 'part' }), one('quantity', 'number')];
const FIELDS: FieldInfo[] = [one('pump', 'record', { entity: 'part' }), one('owner', 'record', { entity: 'owner' }), { ...one('lines', 'rows'), columns: LINE }];
const VALUE: Schema = {
  type: 'object',
  properties: {
    field: { 'x-title': title('Field'), 'x-widget': 'written-field' },
    how: { enum: ['set', 'add'], default: 'set', 'x-title': title('How') },
  },
};
const SCHEMA: Schema = {
  type: 'object',
  required: ['entity', 'values'],
  properties: {
    entity: { 'x-title': title('Type'), 'x-widget': 'entity' },
    over: { 'x-title': title('Rows'), 'x-widget': 'rows-field' },
    record: { 'x-title': title('Which'), 'x-widget': 'record-field' },
    values: { type: 'array', 'x-title': title('Value'), 'x-widget': 'record-values', items: VALUE },
  },
};

let now: Config;

function Step() {
  const [config, setConfig] = useState<Config>({});
  now = config;
  return <SchemaForm schema={SCHEMA} value={config} pointer="/nodes/0/config" widgets={STEP_WIDGETS} onChange={(key, value) => setConfig({ ...config, [key]: value })} />;
}

function draw() {
  const doc = { format: 1, uid: 'w', kind: 'workflow', key: 'w', title: title('w'), nodes: [], edges: [] } as unknown as Doc;
  const store = viewDocument({ id: 'd', kind: 'workflow' }, doc);
  store.setState({ readOnly: false });
  const surroundings: Surroundings = { api, library, regions: openRegions(api), where: { tenant: 't', id: 'd', kind: 'workflow', base: '/t/t', mayEdit: true, mayPublish: true, languages: ['zh-Hans', 'en'] } };
  render(
    <WithSurroundings value={surroundings}>
      <WithDocument store={store}>
        <WithFields value={FIELDS}><Step /></WithFields>
      </WithDocument>
    </WithSurroundings>,
  );
}

const offered = (label: string | RegExp) => [...screen.getByLabelText<HTMLSelectElement>(label).options].map((option) => option.value).filter(Boolean);
const choose = (label: string | RegExp, value: string) => fireEvent.change(screen.getByLabelText(label), { target: { value } });

test('the type comes first; records of it are offered, of a row first, and only fields that can be written', () => {
  draw();
  expect(screen.getByText('Choose a record type first')).toBeTruthy();
  expect(offered('Which')).toEqual([]);
  choose(/^Type/, 'part');
  expect(offered('Which')).toEqual(['pump']);
  expect(offered('Rows')).toEqual(['lines']);
  choose('Rows', 'lines');
  expect(offered('Which')).toEqual(['part', 'pump']);
  fireEvent.click(screen.getByText('Add one'));
  expect(offered('Field')).toEqual(['name', 'stock']);
});

test('only to a number something can be added', () => {
  draw();
  choose(/^Type/, 'part');
  fireEvent.click(screen.getByText('Add one'));
  choose('Field', 'name');
  expect(screen.queryByLabelText('How')).toBeNull();
  choose('Field', 'stock');
  choose('How', 'add');
  expect(now['values']).toMatchObject([{ field: 'stock', how: 'add' }]);
});
