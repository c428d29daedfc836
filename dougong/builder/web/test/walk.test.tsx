/** A draft is walked through: what is filled in goes to the server, what it refuses is not said, what it comes to is kept as a story. */
import { ReactFlowProvider } from '@xyflow/react';
import { cleanup, fireEvent, screen } from '@testing-library/react';
import { afterEach, beforeEach, expect, test } from 'vitest';

import { WithFields } from '../src/builder/fields';
import type { Walked } from '../src/builder/workflow/useWalk';
import { Walk } from '../src/builder/workflow/Walk';
import type { Story, WorkflowDoc } from '../src/core/types';
import { FIELDS, workflow } from './documents';
import { drawn } from './drawn';

const offer = (signal: string, fills = true, brings = {}) => ({ signal, fills, brings });
const BEGIN: Walked = { waiting: [{ node: 'start', how: {}, fields: { cost: 'required' }, offers: [offer('submitted')] }] };
const ASKED: Walked = { status: 'running', waiting: [{ node: 'check', how: { by: 'desk' }, fields: {}, offers: [offer('approve'), offer('reject', false), offer('deadline', false, { deadline: 'd1', count: 0 })] }] };
const DONE: Walked = { status: 'done', result: 'approved', waiting: [] };

const Canvas = () => (
  <ReactFlowProvider>
    <WithFields value={FIELDS}><Walk close={() => undefined} /></WithFields>
  </ReactFlowProvider>
);

/** The server, as far as a walk asks it: a cost of nothing is refused. */
function answered({ say }: Pick<Story, 'say'>): Walked {
  if (say.some(([node, values]) => node === 'start' && !values['cost'])) return { waiting: [], refused: 'Cost is missing.' };
  return [BEGIN, ASKED, DONE][say.length]!;
}

function begin(doc: WorkflowDoc = workflow()) {
  const asked: Story[] = [];
  const post = async (path: string, body: unknown) => {
    if (path !== '/walk') return new Promise(() => undefined);
    asked.push((body as { story: Story }).story);
    return answered(asked.at(-1)!);
  };
  return { ...drawn<WorkflowDoc>({ kind: 'workflow', Canvas }, doc, { vocabulary: {}, post }), asked };
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
  expect(asked.at(-1)!.say[1]).toEqual(['check', {}, { by: 'desk', signal: 'reject', said: { opinion: 'Too much' } }]);
  fireEvent.click(screen.getByLabelText('One step back'));
  fireEvent.click(await screen.findByText('The deadline passes'));
  await screen.findByText('It ends: approved');
  expect(asked.at(-1)!.say[1]).toEqual(['check', { deadline: 'd1', count: 0 }, { by: 'desk', signal: 'deadline' }]);
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
