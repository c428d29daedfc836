/** Settings of a step where several decide: sections, what matters with which mode, what is meant where nothing is set; and its card. */
import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import axe from 'axe-core';
import { useState } from 'react';
import { afterEach, expect, test } from 'vitest';
import { createStore } from 'zustand/vanilla';

import { SchemaForm } from '../src/builder/config/SchemaForm';
import { WithDocument, WithSurroundings, type Surroundings } from '../src/builder/context';
import { WithFields } from '../src/builder/fields';
import { meaning } from '../src/builder/workflow/meaning';
import { STEP_WIDGETS } from '../src/builder/workflow/widgets';
import type { FieldInfo } from '../src/core/fields';
import type { Api } from '../src/core/api';
import type { Library, LibraryStore } from '../src/core/library';
import { openRegions } from '../src/core/regions';
import { matters, meant } from '../src/core/schemas';
import { viewDocument } from '../src/core/store';
import type { Config, Doc, NodeType, Schema } from '../src/core/types';
import { FIELDS, text, typeNamed, workflow } from './documents';

afterEach(cleanup);

const HOW = text('多人方式');
const SAY = text('意见');
const PEOPLE = { 'x-widget': 'people', 'x-title': text('谁'), 'x-needed': true };
const SCHEMA: Schema = {
  type: 'object',
  properties: {
    who: { ...PEOPLE, 'x-title': text('审批人'), 'x-when': { mode: ['any', 'all', 'ratio'] } },
    weights: {
      type: 'array', 'x-widget': 'rows', 'x-title': text('票数表'), 'x-needed': true, 'x-when': { mode: ['weight'] },
      items: { properties: { who: PEOPLE, weight: { type: 'integer', 'x-title': text('票数') } }, required: ['who', 'weight'] },
    },
    mode: {
      enum: ['any', 'all', 'ratio', 'weight'], default: 'any', 'x-title': text('方式'), 'x-group': HOW, 'x-told': true,
      'x-options': { any: text('或签（一人）'), all: text('会签（所有人）'), ratio: text('按比例'), weight: text('票签') },
    },
    percent: { type: 'integer', 'x-title': text('比例'), 'x-group': HOW, 'x-needed': true, 'x-when': { mode: ['ratio'] } },
    reject: {
      enum: ['one', 'all'], default: 'one', 'x-defaults': { mode: { weight: 'all' } }, 'x-title': text('拒绝规则'), 'x-group': HOW,
      'x-options': { one: text('一人'), all: text('全部') },
    },
    phrases: { type: 'array', 'x-widget': 'texts', 'x-title': text('常用意见'), 'x-group': SAY },
    turn: { type: 'string', 'x-widget': 'shared', 'x-title': text('互斥组'), 'x-group': SAY },
  },
};
const APPROVAL: NodeType = { ...typeNamed('approval'), config: SCHEMA };

const role = { id: '1', kind: 'role' as const, key: 'board', title: text('会签人'), revision: 1, active: null, changed: true, updated_at: '', updated_by: '', draft: { format: 1, uid: 'r', kind: 'role', key: 'board', title: text('会签人') } as Doc };
const vocabulary = { nodes: [APPROVAL], fields: [], operators: [], models: [], functions: {} };
const library = Object.assign(createStore<Library>(() => ({ vocabulary, documents: [role] })), { refresh: async () => undefined, create: async () => 'desk' }) as LibraryStore;
const api = { get: async () => [] } as unknown as Api;
const FLOW = { ...workflow(), nodes: [...workflow().nodes, { uid: 'other', type: 'approval', title: text('另一个'), config: { turn: '盘点' } }] };

function Settings({ begun, told }: { begun: Config; told(config: Config): void }) {
  const [config, setConfig] = useState<Config>(begun);
  const change = (key: string, value: unknown) => {
    const { [key]: _, ...rest } = config;
    const next = value === undefined ? rest : { ...config, [key]: value };
    setConfig(next);
    told(next);
  };
  return <SchemaForm schema={SCHEMA} value={config} pointer="/nodes/0/config" onChange={change} widgets={STEP_WIDGETS} />;
}

function draw(begun: Config = {}, fields = FIELDS) {
  let config = begun;
  const store = viewDocument({ id: 'd', kind: 'workflow' }, FLOW);
  store.setState({ readOnly: false });
  const surroundings: Surroundings = { api, library, regions: openRegions(api), where: { tenant: 't', id: 'd', kind: 'workflow', base: '/t/t', mayEdit: true, mayPublish: true, languages: ['zh-Hans', 'en'] } };
  const { container } = render(
    <WithSurroundings value={surroundings}>
      <WithDocument store={store}>
        <WithFields value={fields}>
          <Settings begun={begun} told={(next) => (config = next)} />
        </WithFields>
      </WithDocument>
    </WithSurroundings>,
  );
  return { container, config: () => config };
}

const sectionOf = (title: string) => screen.getByText(title).closest('details') as HTMLDetailsElement;
const type = (label: string, value: string) => fireEvent.change(screen.getByLabelText(label), { target: { value } });

test('only what matters with the chosen mode is asked for', () => {
  const { config } = draw();
  const shown = (...labels: string[]) => labels.filter((label) => screen.queryByText(label, { selector: '.b-label' }));
  const asked = () => shown('审批人', '票数表', '比例', '拒绝规则');
  expect(asked()).toEqual(['审批人', '拒绝规则']);
  type('方式', 'ratio');
  expect(asked()).toEqual(['审批人', '比例', '拒绝规则']);
  type('方式', 'weight');
  expect(asked()).toEqual(['票数表', '拒绝规则']);
  type('方式', '');
  expect(config()).toEqual({});
});

test('what is meant where nothing is set is said, also where that depends on another setting', () => {
  draw();
  const usual = (label: string) => (screen.getByLabelText(label) as HTMLSelectElement).options[0]?.text;
  expect(usual('方式')).toBe('默认：或签（一人）');
  expect(usual('拒绝规则')).toBe('默认：一人');
  type('方式', 'weight');
  expect(usual('拒绝规则')).toBe('默认：全部');
  expect(meant(SCHEMA, { mode: 'all' }, 'reject')).toBe('one');
  expect(matters(SCHEMA, { mode: 'weight' }, 'who')).toBe(false);
});

test('what must be looked at is open from the beginning, the rest says in a few words what is set in it, and stays as it was left', async () => {
  const { container } = draw({ phrases: [text('同意')] });
  expect(sectionOf('多人方式').open).toBe(true);
  expect(sectionOf('意见').open).toBe(false);
  expect(sectionOf('意见').querySelector('.b-fold-said')?.textContent).toBe('常用意见');
  sectionOf('意见').open = true;
  fireEvent(sectionOf('意见'), new Event('toggle'));
  const { violations } = await axe.run(container, { rules: { 'color-contrast': { enabled: false }, region: { enabled: false } } });
  expect(violations.map((one) => one.id)).toEqual([]);
  cleanup();
  draw();
  expect(sectionOf('意见').open).toBe(true);
});

test('the one member field of the form is the one that is meant; of two, one is chosen', () => {
  const person = (key: string): FieldInfo => ({ uid: key, key, type: 'person', kind: 'person', title: text(key) });
  for (const [fields, who] of [[[person('a')], { by: 'person_field', field: 'a' }], [[person('a'), person('b')], { by: 'person_field' }]] as const) {
    const { config } = draw({}, [...FIELDS, ...fields]);
    type('审批人*', 'person_field');
    expect(config()['who']).toEqual(who);
    cleanup();
  }
});

test('phrases, weights and heads of a level are set without code', () => {
  const { config } = draw({ mode: 'weight' });
  fireEvent.click(screen.getAllByText('添加一行')[0] as HTMLElement);
  const row = screen.getByRole('group', { name: '票数表 1' });
  fireEvent.change(row.querySelector('select') as HTMLElement, { target: { value: 'nth_head' } });
  type('票数*', '3');
  type('第几级', '2');
  expect(config()['weights']).toMatchObject([{ who: { by: 'nth_head', unit: { of: 'initiator' }, level: 2 }, weight: 3 }]);
  fireEvent.click(screen.getAllByText('添加一行')[1] as HTMLElement);
  type('常用意见 1 （中文）', '同意');
  expect(config()['phrases']).toEqual([{ 'zh-Hans': '同意' }]);
  expect([...document.querySelectorAll('datalist option')].map((one) => (one as HTMLOptionElement).value)).toEqual(['盘点']);
});

test('the card says how many must agree, and who; nothing before it is known', () => {
  const known = { library: library.getState(), fields: FIELDS, nodes: [] };
  const said = (config: Config) => meaning({ uid: 'x', type: 'approval', title: text('x'), config }, APPROVAL, { into: 1, out: 1 }, known);
  const board = { by: 'role', role: 'board' };
  expect(said({})).toBeNull();
  expect(said({ who: board })).toBe('或签 · 会签人');
  expect(said({ who: { by: 'role' } })).toBe('或签 · 未选角色');
  expect(said({ who: { by: 'person_field' } })).toBe('或签 · 未选字段');
  expect(said({ mode: 'all', who: board })).toBe('会签 · 会签人');
  expect(said({ mode: 'ratio', who: board })).toBeNull();
  expect(said({ mode: 'any', who: { by: 'heads_up', unit: { of: 'initiator' }, level: 3 } })).toBe('或签 · 发起人部门的第 1 至 3 级主管');
  expect(said({ mode: 'weight', who: { by: 'initiator' }, weights: [{ who: board, weight: 2 }, { who: { by: 'initiator' }, weight: 1 }] })).toBe('票签 · 会签人、发起人');
});

test('the card of a step that routes says for what it waits', () => {
  const known = { library: library.getState(), fields: FIELDS, nodes: [{ uid: 'a', type: 'user_task', title: text('派单'), config: {} }] };
  const modes = { 'x-title': text('汇合方式'), enum: ['all', 'any', 'count'], default: 'all', 'x-options': { any: text('任一分支到达') } };
  const type = (ways_in: NodeType['ways_in'], properties: Record<string, Schema>) => ({ ...APPROVAL, family: 'routing', ways_in, config: { properties } }) as NodeType;
  const said = (of: NodeType, config: Config) => meaning({ uid: 'x', type: 'x', title: text('x'), config }, of, { into: 3, out: 1 }, known);
  const join = type([2, null], { mode: modes, needs: { 'x-title': text('几个') } });
  expect([said(join, {}), said(join, { mode: 'any' }), said(join, { mode: 'count', needs: 2 })]).toEqual(['等 3 个分支到齐', '任一分支到达', '等 3 个分支中的 2 个']);
  const hold = type([1, null], { name: { 'x-title': text('独占什么'), 'x-widget': 'shared' } });
  expect([said(hold, {}), said(hold, { name: 'lift' })]).toEqual([null, 'lift']);
  const receive = type([1, null], { name: { 'x-title': text('消息名称'), 'x-widget': 'message' }, key: { 'x-widget': 'formula' } });
  expect(said({ ...receive, family: 'work' }, { name: 'called_off', key: 'order' })).toBe('called_off');
  const region = type([1, null], { nodes: { 'x-title': text('取消哪些'), 'x-widget': 'steps' }, most: { 'x-title': text('最多') } });
  expect(said(region, { nodes: ['a'], most: 3 })).toBe('派单 · 最多 3');
});
