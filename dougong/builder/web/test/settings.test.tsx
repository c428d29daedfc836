/** Settings drawn from a schema, and the condition builder, used as people use them. */
import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react';
import axe from 'axe-core';
import { useState } from 'react';
import { afterEach, expect, test } from 'vitest';
import { createStore } from 'zustand/vanilla';

import { ConditionBuilder } from '../src/builder/conditions/ConditionBuilder';
import { RowsWidget } from '../src/builder/config/RowsWidget';
import { SchemaForm } from '../src/builder/config/SchemaForm';
import type { WidgetProps } from '../src/builder/config/widget';
import { WithDocument, WithSurroundings, type Surroundings } from '../src/builder/context';
import { WithFields } from '../src/builder/fields';
import { useWording } from '../src/builder/dialogs/wording';
import { RegionPick } from '../src/builder/parts/RegionPick';
import { TextBox } from '../src/builder/parts/TextBox';
import { ConnectionWidget, MessageWidget } from '../src/builder/workflow/widgets/SharedWidget';
import type { Api } from '../src/core/api';
import type { Library, LibraryStore } from '../src/core/library';
import { openRegions } from '../src/core/regions';
import { viewDocument } from '../src/core/store';
import type { Config, Doc, FieldType, FormDoc, Schema, Tree } from '../src/core/types';
import { FIELDS, OPERATORS, text } from './documents';

afterEach(cleanup);

const doc: Doc = { format: 1, uid: 'd', kind: 'role', key: 'k', title: text('d') };
const role = { id: '1', kind: 'role' as const, key: 'desk', title: text('前台'), revision: 1, active: null, changed: true, updated_at: '', updated_by: '', draft: doc };
const place = (code: string, name: string) => ({ code, name, more: true });
const PLACES: Record<string, unknown[]> = { '/regions?parent=': [place('11', '北京市'), place('44', '广东省')], '/regions?parent=44': [place('4403', '深圳市')] };
const vocabulary = { nodes: [], fields: [{ name: 'region', kind: 'region', title: text('地址') }] as unknown as FieldType[], operators: OPERATORS, models: [], functions: { ROUND: { takes: ['number', 'number'], gives: 'number', optional: 1 } } };
const library = Object.assign(createStore<Library>(() => ({ vocabulary, documents: [role] })), { refresh: async () => undefined, create: async () => 'desk' }) as LibraryStore;
const api = { get: async (path: string) => PLACES[path] ?? [] } as unknown as Api;

function draw(part: React.ReactNode, readOnly = false, languages = ['zh-Hans', 'en']) {
  const store = viewDocument({ id: 'd', kind: 'role' }, doc);
  store.setState({ readOnly });
  const surroundings: Surroundings = { api, library, regions: openRegions(api), where: { tenant: 't', id: 'd', kind: 'workflow', base: '/t/t', mayEdit: true, mayPublish: true, languages } };
  return render(
    <WithSurroundings value={surroundings}>
      <WithDocument store={store}>
        <WithFields value={FIELDS}>{part}</WithFields>
      </WithDocument>
    </WithSurroundings>,
  );
}

const SETTINGS: Schema = {
  type: 'object',
  required: ['name', 'must'],
  properties: {
    name: { $ref: 'dougong:common#/$defs/text', 'x-title': text('名字') },
    result: { enum: ['yes', 'no'], 'x-title': text('结果'), 'x-options': { yes: text('好'), no: text('不好') } },
    must: { enum: ['yes'], 'x-title': text('必选'), 'x-options': { yes: text('好') } },
    usual: { enum: ['yes'], default: 'yes', 'x-title': text('平常'), 'x-options': { yes: text('好') } },
    public: { type: 'boolean', 'x-title': text('公开') },
    max: { type: 'integer', minimum: 1, maximum: 9, 'x-title': text('最多') },
    least: { $ref: 'dougong:common#/$defs/decimal', 'x-title': text('最少') },
    words: { type: 'string', maxLength: 5, 'x-title': text('文字') },
    field: { 'x-widget': 'field', 'x-title': text('字段') },
    formula: { type: 'string', 'x-widget': 'formula', 'x-title': text('公式') },
    strange: { type: 'string', 'x-widget': 'nobody-knows-it', 'x-title': text('陌生') },
    hidden: { type: 'string' },
  },
};

function Settings({ told }: { told(config: Config): void }) {
  const [config, setConfig] = useState<Config>({});
  const change = (key: string, value: unknown) => {
    const next = { ...config, [key]: value };
    setConfig(next);
    told(next);
  };
  return <SchemaForm schema={SETTINGS} value={config} pointer="/config" onChange={change} />;
}

test('every kind of setting has a control that says what it is and hands on what is chosen', async () => {
  let config: Config = {};
  const { container } = draw(<Settings told={(next) => (config = next)} />);
  const type = (label: string, value: string) => fireEvent.change(screen.getByLabelText(label), { target: { value } });
  type('名字 （中文）', '张');
  type('结果', 'no');
  fireEvent.click(screen.getByLabelText('公开'));
  type('最多', '12');
  type('最多', '7');
  type('最少', '1,200.5');
  type('文字', 'ab\u0000c');
  type('字段', 'cost');
  type('公式', 'cost * 2');
  type('陌生', 'x');
  expect(config).toEqual({ name: { 'zh-Hans': '张' }, result: 'no', public: true, max: 7, least: '1200.5', words: 'abc', field: 'cost', formula: 'cost * 2', strange: 'x' });
  expect(screen.queryByText('hidden')).toBeNull();
  const { violations } = await axe.run(container, { rules: { 'color-contrast': { enabled: false }, region: { enabled: false } } });
  expect(violations.map((one) => one.id)).toEqual([]);
});

test('looked at, nothing can be changed', () => {
  draw(<Settings told={() => undefined} />, true);
  expect(screen.getAllByRole('textbox').every((one) => (one as HTMLInputElement).disabled)).toBe(true);
});

function Conditions({ told }: { told(tree: Tree | undefined): void }) {
  const [tree, setTree] = useState<Tree>();
  const change = (next: Tree | undefined) => {
    setTree(next);
    told(next);
  };
  return <ConditionBuilder value={tree} onChange={change} />;
}

test('a condition is built by choosing, and told as a sentence', async () => {
  let tree: Tree | undefined;
  const { container } = draw(<Conditions told={(next) => (tree = next)} />);
  fireEvent.click(screen.getByText('添加条件'));
  fireEvent.change(screen.getByLabelText('关系'), { target: { value: 'greater' } });
  fireEvent.change(screen.getByLabelText('值'), { target: { value: '1000' } });
  fireEvent.click(screen.getByText('条件组'));
  fireEvent.change(screen.getAllByLabelText('字段')[1]!, { target: { value: 'urgent' } });
  expect(container.querySelector('.b-sentence')?.textContent).toBe('费用 大于 1000 且 加急 为是');
  expect(tree).toMatchObject({ combinator: 'and', rules: [{ field: 'cost', operator: 'greater', value: '1000' }, { combinator: 'or', rules: [{ field: 'urgent', operator: 'is_true' }] }] });
  const { violations } = await axe.run(container, { rules: { 'color-contrast': { enabled: false }, region: { enabled: false } } });
  expect(violations.map((one) => one.id)).toEqual([]);
  for (const remove of [1, 0]) fireEvent.click(screen.getAllByLabelText('删除条件')[remove]!);
  expect(tree).toBeUndefined();
});

test('where nothing is chosen, a setting says whether it must be, may be, or what is meant', () => {
  draw(<Settings told={() => undefined} />);
  const nothing = (label: string) => (screen.getByLabelText(label) as HTMLSelectElement).options[0]!.textContent;
  expect([nothing('必选*'), nothing('结果'), nothing('平常'), nothing('字段')]).toEqual(['请选择', '不选', '默认：好', '不选']);
});

test('a text is written in the languages of the company: of many the first, and those that it has', () => {
  const few = ['zh-Hans', 'en', 'ja'];
  const { unmount } = draw(<Settings told={() => undefined} />, false, few);
  expect(screen.getByLabelText('名字 （日语）').getAttribute('lang')).toBe('ja');
  unmount();
  draw(<TextBox label="名字" value={{ 'zh-Hans': '张', th: 'จาง' }} onChange={() => undefined} />, false, [...few, 'ko', 'vi', 'th']);
  expect(screen.getAllByRole('textbox').map((box) => box.getAttribute('lang'))).toEqual([...few, 'ko', 'th']);
});

function Places({ told }: { told(values: string[]): void }) {
  const [values, setValues] = useState<string[]>(['11']);
  return (
    <RegionPick label="地区" values={values} onChange={(next) => { setValues(next); told(next); }} />
  );
}

test('a place that the cascade shows is chosen, without another press; a finer one takes its place', async () => {
  let values: string[] = [];
  draw(<Places told={(next) => (values = next)} />);
  const go = async (label: string, code: string) => {
    await waitFor(() => expect(screen.getByLabelText(label)).toHaveProperty('disabled', false));
    fireEvent.change(screen.getByLabelText(label), { target: { value: code } });
  };
  await go('省', '44');
  expect(values).toEqual(['11', '44']);
  await go('市', '4403');
  expect(values).toEqual(['11', '4403']);
  fireEvent.click(screen.getByLabelText('再加一个地区'));
  await go('省', '44');
  expect(values).toEqual(['11', '4403', '44']);
});

function Compared({ form }: { form: FormDoc }) {
  const words = useWording(form);
  return <p>{words.value('sections', 'visible_when', form.sections[0]?.visible_when)}</p>;
}

test('where two drafts are compared, a place in a condition is called by its name', async () => {
  const visible_when: Tree = { combinator: 'and', rules: [{ field: 'place', operator: 'within', value: ['4403'] }] };
  const form = { ...doc, kind: 'form', sections: [{ uid: 's', visible_when, fields: [{ uid: 'p', key: 'place', type: 'region', title: text('地点') }] }] } as unknown as FormDoc;
  draw(<Compared form={form} />);
  expect(await screen.findByText(/地点 .*广东省深圳市/)).toBeTruthy();
});

test('the connections and messages that are known are offered where one is named', () => {
  const nodes = [{ uid: 's', type: 'send', title: text('s'), config: { name: 'paid' } }, { uid: 'e', type: 'end', title: text('e'), config: { name: 'no' } }];
  const other = { ...role, id: '2', kind: 'workflow' as const, draft: { ...doc, kind: 'workflow' as const, nodes } };
  const before = library.getState();
  library.setState({ vocabulary: { ...vocabulary, connections: [{ key: 'erp', title: '财务系统' }] }, documents: [other] });
  const props = { value: undefined, onChange: () => undefined, schema: {}, pointer: '/nodes/0/config/x', disabled: false } as unknown as WidgetProps;
  const store = viewDocument({ id: 'd', kind: 'workflow' }, { ...doc, kind: 'workflow', nodes: [] } as Doc);
  const surroundings = { api, library } as unknown as Surroundings;
  const { container } = render(
    <WithSurroundings value={surroundings}>
      <WithDocument store={store}>
        <ConnectionWidget {...props} id="c" />
        <MessageWidget {...props} id="m" />
      </WithDocument>
    </WithSurroundings>,
  );
  const offered = [...container.querySelectorAll('option')].map((one) => [one.value, one.textContent]);
  expect(offered).toEqual([['erp', '财务系统'], ['paid', 'paid']]);
  library.setState(before);
});

test('a field is offered only where a value of its kind can be taken', () => {
  const schema: Schema = { properties: { over: { 'x-widget': 'field', 'x-title': text('逐项的字段'), 'x-kinds': ['text', 'number'] } } };
  draw(<SchemaForm schema={schema} value={{}} pointer="/config" onChange={() => undefined} />);
  expect([...screen.getByLabelText<HTMLSelectElement>('逐项的字段').options].map((one) => one.value)).toEqual(['', 'cost', 'limit', 'problem']);
});

test('a range for what nobody may do is not offered, and one that was set stays to be seen', () => {
  const act: Schema = { enum: ['all', 'transfer', 'add'], default: 'all', 'x-title': text('用于'), 'x-options': { all: text('全部'), transfer: text('仅转交'), add: text('仅加签') }, 'x-offered': { transfer: 'transfer', add: 'add_signer' } };
  const among: Schema = { type: 'array', 'x-widget': 'rows', 'x-title': text('范围'), 'x-any': ['transfer', 'add_signer'], items: { properties: { act } } };
  const schema: Schema = { properties: { transfer: { type: 'boolean', 'x-title': text('允许转交') }, among } };
  const offers = (value: Config) => {
    cleanup();
    draw(<SchemaForm schema={schema} value={value} pointer="/config" widgets={{ rows: RowsWidget }} onChange={() => undefined} />);
    return screen.queryAllByRole('combobox').map((one) => [...(one as HTMLSelectElement).options].map(({ value }) => value).filter(Boolean).join(' '));
  };
  expect(offers({})).toEqual([]);
  expect(screen.queryByText('范围')).toBeNull();
  expect(offers({ transfer: true, among: [{}] })).toEqual(['all transfer']);
  expect(offers({ among: [{ act: 'add' }] })).toEqual(['all add']);
});
