/** A draft is walked through: what is filled in goes to the server, what it refuses is not said, what it comes to is kept as a story. */
import { ReactFlowProvider } from '@xyflow/react';
import { cleanup, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, expect, test } from 'vitest';

import { WithFields } from '../src/builder/fields';
import { namedIn, type Ask, type Offer, type Walked } from '../src/builder/workflow/useWalk';
import { Walk } from '../src/builder/workflow/Walk';
import { answered as answeredAsks, changed, namesIn, told, typed, unseen } from '../src/builder/workflow/walking';
import type { Library } from '../src/core/library';
import type { FieldType, FormDoc, Story, WorkflowDoc } from '../src/core/types';
import { FIELDS, text, workflow } from './documents';
import { drawn } from './drawn';

const offer = (signal: string, fills = true, brings = {}, asks: Ask[] = [], word = signal): Offer => ({ word, signal, fills, brings, asks });
const BEGIN: Walked = { waiting: [{ node: 'start', how: {}, fields: { cost: 'required' }, offers: [offer('submitted')] }] };
const ASKED: Walked = { status: 'running', waiting: [{ node: 'check', how: { by: 'desk' }, fields: {}, opinion: 'reject', offers: [offer('approve'), offer('reject', false), offer('deadline', false, { deadline: 'd1', count: 0 })] }] };
const DONE: Walked = { status: 'done', result: 'approved', waiting: [] };
const VERBS: Walked = {
  status: 'running', standing: ['a', 'join'], data: { cost: '7', address: { region: '110105' } }, ticket: [['start', {}, { signal: 'recall' }]],
  waiting: [{
    node: 'a', how: { by: 'ann' }, who: ['ann', 'ben'], fields: { address: 'write', papers: 'write', part: 'write', cost: 'write', on: 'write' },
    offers: [
      offer('submitted'),
      offer('send_back', false, {}, [{ kind: 'step', key: 'to', among: ['task', 'start'] }, { kind: 'yes', key: 'straight' }, { kind: 'text', key: 'opinion', needed: true }]),
      offer('approve', true, {}, [{ kind: 'persons', key: 'add' }], 'add_after'),
      offer('message', false, {}, [{ kind: 'content', key: 'body', pairs: [{ from: '/order/sum', field: 'cost' }] }]),
    ],
  }],
};

const head = (kind: string, key: string) => ({ format: 1, uid: key, kind, key, title: text(key) });
const more = (key: string, kind: string, config = {}) => ({ uid: key, key, type: kind, kind, title: text(key), config });
const MADE = [...FIELDS, more('papers', 'files', { accept: 'images' }), more('part', 'record', { entity: 'part', fill: [{ from: 'price', to: 'cost' }] }), more('on', 'date')];

const PUMP = { title: 'Pump', price: '12' };
const type = (name: string) => ({ name, kind: name, title: text(name), help: text(''), icon: 'type', config: {} }) as unknown as FieldType;
const PART = { ...head('entity', 'part'), sections: [{ uid: 's', fields: [more('title', 'text'), more('price', 'number')] }] } as unknown as FormDoc;
const SHOWN = { ...head('form', 'repair'), sections: [{ uid: 's', fields: [{ ...more('cost', 'number'), visible_when: { combinator: 'and', rules: [{ field: 'level', operator: 'equals', value: 'vip' }] } }, more('level', 'choice')] }] } as unknown as FormDoc;
const LIBRARY = { documents: [{ kind: 'entity', key: 'part', draft: PART }], vocabulary: { fields: ['text', 'number', 'choice'].map(type), nodes: [], operators: [] } } as unknown as Library;

const Canvas = () => (
  <ReactFlowProvider>
    <WithFields value={MADE}><Walk close={() => undefined} /></WithFields>
  </ReactFlowProvider>
);

/** The server, as far as a walk asks it: a cost of nothing is refused. */
function answered({ say }: Pick<Story, 'say'>): Walked {
  if (say.some(([node, values]) => node === 'start' && !values['cost'])) return { waiting: [], refused: 'Cost is missing.' };
  return [BEGIN, ASKED, DONE][say.length]!;
}

function begin(doc: WorkflowDoc = workflow(), answers = answered) {
  const asked: Story[] = [];
  const post = async (path: string, body: unknown) => {
    if (path !== '/walk') return new Promise(() => undefined);
    asked.push((body as { story: Story }).story);
    return answers(asked.at(-1)!);
  };
  return { ...drawn<WorkflowDoc>({ kind: 'workflow', Canvas }, doc, { vocabulary: LIBRARY.vocabulary, documents: LIBRARY.documents, post }), asked };
}

beforeEach(() => {
  document.documentElement.setAttribute('lang', 'en');
  globalThis.matchMedia ??= (() => ({ matches: true })) as unknown as typeof matchMedia;
});
afterEach(cleanup);

test('what is refused is told and not said; what is done leads on, to its end, and back', async () => {
  const { asked } = begin();
  fireEvent.click(await screen.findByText('Submit'));
  expect(await screen.findByText('Cost is missing.')).toBeTruthy();
  fireEvent.change(screen.getByRole('textbox', { name: /费用|cost/i }), { target: { value: '2600' } });
  fireEvent.click(screen.getByText('Submit'));
  fireEvent.click(await screen.findByText('Approve'));
  expect(await screen.findByText('It ends: approved')).toBeTruthy();
  expect(asked.at(-1)!.say).toEqual([['start', { cost: '2600' }, { signal: 'submitted' }], ['check', {}, { by: 'desk', signal: 'approve' }]]);
  fireEvent.click(screen.getByLabelText('One step back'));
  fireEvent.change(await screen.findByLabelText('Opinion'), { target: { value: 'Too much' } });
  fireEvent.click(screen.getByText('Reject'));
  await screen.findByText('It ends: approved');
  expect(asked.at(-1)!.say[1]).toEqual(['check', { opinion: 'Too much' }, { by: 'desk', signal: 'reject' }]);
  fireEvent.click(screen.getByLabelText('One step back'));
  fireEvent.click(await screen.findByText('The deadline passes'));
  await screen.findByText('It ends: approved');
  expect(asked.at(-1)!.say[1]).toEqual(['check', { deadline: 'd1', count: 0 }, { by: 'desk', signal: 'deadline' }]);
});

test('the way it goes is lit, taken or expected, for as long as the walk is open', async () => {
  const way: Walked = { ...BEGIN, ways: { w1: 'taken', w2: 'ahead', w3: 'possible' }, prospect: '2 to 4 more steps for people.' };
  const { store, unmount } = begin(workflow(), () => way);
  expect(await screen.findByText(/2 to 4 more steps/)).toBeTruthy();
  await waitFor(() => expect(store.getState().lit).toEqual({ w1: 'must', w2: 'ahead', w3: 'may' }));
  unmount();
  expect(store.getState().lit).toEqual({});
});

test('a walk is kept as a story with what it came to, walked again, and thrown away', async () => {
  const { store } = begin();
  fireEvent.change(await screen.findByRole('textbox', { name: /费用|cost/i }), { target: { value: '5' } });
  fireEvent.click(screen.getByText('Submit'));
  fireEvent.click(await screen.findByText('Approve'));
  await screen.findByText('It ends: approved');
  fireEvent.change(screen.getByLabelText('Name of the story'), { target: { value: 'Cheap' } });
  fireEvent.click(screen.getByText('Keep as a story'));
  const [story] = store.getState().draft.stories!;
  expect(story).toMatchObject({ title: { en: 'Cheap' }, then: { status: 'done', result: 'approved' } });
  fireEvent.click(screen.getByLabelText('From the beginning'));
  await screen.findByText('Submit');
  fireEvent.click(screen.getByText('Cheap'));
  expect(await screen.findByText('It ends: approved')).toBeTruthy();
  fireEvent.click(screen.getByLabelText(/Remove.*Cheap|Cheap.*/));
  expect(store.getState().draft.stories).toBeUndefined();
});

test('what people do besides doing it is said in full before it is done', async () => {
  const { asked } = begin(undefined, () => VERBS);
  fireEvent.click(await screen.findByRole('button', { name: 'Send back' }));
  const panel = screen.getByRole('form', { name: 'Send back' });
  const confirm = within(panel).getByRole('button', { name: 'Send back' });
  expect(confirm).toHaveProperty('disabled', true);
  fireEvent.change(within(panel).getByLabelText(/Why/), { target: { value: ' no receipt ' } });
  fireEvent.change(within(panel).getByLabelText('Back to'), { target: { value: 'start' } });
  fireEvent.click(within(panel).getByRole('checkbox'));
  fireEvent.change(screen.getByLabelText('Who does it'), { target: { value: 'ben' } });
  fireEvent.click(confirm);
  expect(asked.at(-1)!.say).toEqual([['a', { to: 'start', straight: true, opinion: 'no receipt' }, { by: 'ben', signal: 'send_back' }]]);
  fireEvent.click(await screen.findByRole('button', { name: 'Recalled by its initiator' }));
  expect(asked.at(-1)!.say[1]).toEqual(['start', {}, { signal: 'recall' }]);
});

test('files are names, a record is made up and brings what it fills in, a day is typed', async () => {
  const { asked, store } = begin(undefined, () => VERBS);
  fireEvent.click(await screen.findByRole('button', { name: 'Add a file' }));
  expect(screen.getByRole('textbox', { name: /费用|cost/i })).toHaveProperty('value', '7'); // what stands in the ticket
  expect(screen.getByText('110105')).toBeTruthy();
  fireEvent.click(screen.getByRole('button', { name: 'Make one up' }));
  fireEvent.change(screen.getByRole('textbox', { name: 'title en' }), { target: { value: 'Pump' } });
  fireEvent.change(screen.getByRole('textbox', { name: 'price en' }), { target: { value: '12' } });
  fireEvent.click(screen.getByRole('button', { name: 'Take it' }));
  expect(screen.getByLabelText('part en')).toHaveProperty('value', 'Pump');
  fireEvent.change(screen.getByRole('textbox', { name: 'on en' }), { target: { value: '2026-01-31' } });
  fireEvent.click(screen.getByRole('button', { name: 'Submit' }));
  expect(asked.at(-1)).toEqual({ say: [['a', { papers: ['papers en 1.jpg'], part: 'Pump', cost: '12', on: '2026-01-31' }, { by: 'ann', signal: 'submitted' }]], records: { Pump: PUMP } });
  await screen.findByText(/ann Submit/);
  fireEvent.change(screen.getByLabelText('Name of the story'), { target: { value: 'Half way' } });
  fireEvent.click(screen.getByText('Keep as a story'));
  expect(store.getState().draft.stories![0]).toMatchObject({ records: { Pump: PUMP }, then: { status: 'running', waiting: ['a', 'join'] } });
});

test('what is asked is answered in the form that the verb takes, and told in words', () => {
  const content: Ask = { kind: 'content', key: 'body', pairs: [{ from: '/order/sum', field: 'cost' }, { from: 'no', field: 'name' }] };
  expect(answeredAsks([content], { body: { cost: '5', name: 'A1' } })).toEqual({ body: { order: { sum: '5' }, no: 'A1' } });
  expect(answeredAsks([{ kind: 'persons', key: 'add' }], { add: [] })).toBeNull();
  expect(answeredAsks([{ kind: 'chosen', key: 's', least: 1, most: 2 }], {})).toBeNull();
  expect(answeredAsks([{ kind: 'chosen', key: 's', least: 0, most: 2 }, { kind: 'chosen', key: 'z', least: 1, most: 2 }], { z: ['ann'] })).toEqual({ chosen: { s: [], z: ['ann'] } });
  const name = (one: string) => one.toUpperCase();
  expect(told(['s', { to: 'x' }, { by: 'ann', signal: 'send_back' }], name, name)).toBe('ANN Send back → X');
  expect(told(['s', {}, { by: 'ann', signal: 'approve', said: { add: ['ben'] } }], name, name)).toBe('ANN Approve, then they sign → BEN');
  expect(namedIn([['s', { part: 'Pump', rows: [{ part: 'Seal' }] }]], { Pump: {}, Seal: { a: 1 }, Lid: {} })).toEqual({ Pump: {}, Seal: { a: 1 } });
});

test('what the form does not show yet is not asked for', () => {
  expect([...unseen(SHOWN, LIBRARY, {})]).toEqual(['cost']);
  expect([...unseen(SHOWN, LIBRARY, { level: 'vip' })]).toEqual([]);
});

test('who is in the roles is named, as a story names it, and kept from one walk to the next', async () => {
  expect(namesIn([{ who: { by: 'role', role: 'board' }, weights: [{ who: { by: 'nth_head', level: 2 } }] }, { who: { by: 'initiator' } }])).toEqual(['board', 'nth_head']);
  const doc = workflow();
  const { asked } = begin({ ...doc, nodes: doc.nodes.map((one) => (one.uid === 'a' ? { ...one, config: { who: { by: 'role', role: 'board' } } } : one)) }, () => VERBS);
  await screen.findByRole('button', { name: 'Add a file' });
  fireEvent.change(screen.getByPlaceholderText(/Enter/), { target: { value: 'ann,' } });
  fireEvent.change(screen.getByPlaceholderText(/Enter/), { target: { value: 'ben,' } });
  expect(asked.at(-1)).toEqual({ say: [], people: { board: ['ann', 'ben'] } });
});

test('what stands in the ticket is filled in already, and only what is changed is said', () => {
  expect([{ id: 'Pump', title: 'P' }, { region: '110105', address: 'x' }, [{ id: 'a.pdf', name: 'a.pdf' }], ['a', 'b'], '7', null].map(typed)).toEqual(['Pump', '110105', ['a.pdf'], ['a', 'b'], '7', null]);
  const before = { part: { id: 'Pump', title: 'P' }, cost: '7', rows: [{ n: '2' }] };
  expect(changed(before, { part: 'Lid', rows: [{ n: '2' }] })).toEqual({ part: 'Lid', cost: null });
});

test('a walk begins when one says, and its clock is put forward before the next line', async () => {
  const { asked } = begin();
  const type = async (words: string, wall: string) => {
    const box = (await screen.findByLabelText(words)) as HTMLInputElement;
    fireEvent.input(box, { target: { value: wall } });
  };
  await screen.findByRole('button', { name: 'Submit' });
  await type('When it begins', '2026-10-01 21:30');
  const clock = { at: '2026-10-01T21:30', zone: Intl.DateTimeFormat().resolvedOptions().timeZone };
  await waitFor(() => expect(asked.at(-1)).toEqual({ say: [], clock }));
  fireEvent.change(screen.getByRole('textbox', { name: /费用|cost/i }), { target: { value: '7' } });
  fireEvent.click(screen.getByRole('button', { name: 'Submit' }));
  await screen.findByRole('button', { name: 'Approve' });
  await type('Put the clock forward to', '2026-10-02 08:00');
  fireEvent.click(await screen.findByRole('button', { name: 'Approve' }));
  await waitFor(() => expect(asked.at(-1)).toMatchObject({ say: [['start', { cost: '7' }, {}], ['check', {}, { at: '2026-10-02T08:00' }]], clock }));
  expect(told(['s', {}, { signal: 'approve', at: '2026-10-02T08:00' }], String, String)).toBe('Approve · 2026-10-02 08:00');
});

test('a step that fails is named with its reason, while another branch waits', async () => {
  begin(workflow(), ({ say }) => (say.length ? { ...VERBS, stopped: 'It answered 503.', failed: 'b' } : BEGIN));
  fireEvent.click(await screen.findByText('Submit'));
  expect(await screen.findByText('“b en” stands still: It answered 503.')).toBeTruthy();
});
