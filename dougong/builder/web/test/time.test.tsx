/** The settings of time: how long, until when, and deadlines, as they are set by hand; and what they say in one line. */
import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, beforeEach, expect, test } from 'vitest';

import { SchemaForm } from '../src/builder/config/SchemaForm';
import { spanWords, untilWords } from '../src/builder/config/spans';
import { useDraft, useVerbs } from '../src/builder/context';
import { NumberBox } from '../src/builder/parts/NumberBox';
import type { Editor } from '../src/builder/editor';
import { STEP_WIDGETS } from '../src/builder/workflow/widgets';
import type { Config, Doc, Schema } from '../src/core/types';
import { text } from './documents';
import { drawn } from './drawn';

const THEN = { enum: ['remind', 'escalate', 'leave'], 'x-options': { remind: text('提醒'), escalate: text('升级'), leave: text('离开') } };
const SCHEMA: Schema = {
  properties: {
    until: { 'x-title': { en: 'Until' }, 'x-widget': 'until' },
    deadlines: { 'x-title': { en: 'Deadlines' }, 'x-widget': 'deadlines', items: { properties: { then: THEN } } },
  },
};

interface Held extends Doc {
  config: Config;
}

function Canvas() {
  const config = useDraft((draft: Held) => draft.config);
  const { change } = useVerbs<Held>();
  const set = (key: string, value: unknown) =>
    change((doc) => {
      const { [key]: _, ...rest } = doc.config;
      return { ...doc, config: value === undefined ? rest : { ...rest, [key]: value } };
    });
  return <SchemaForm schema={SCHEMA} value={config} pointer="/config" widgets={STEP_WIDGETS} onChange={set} />;
}

const shown = (config: Config) =>
  drawn({ kind: 'role', Canvas } as Editor, { format: 1, uid: 'd', kind: 'role', key: 'k', title: text('d'), config } as Held, { vocabulary: {} }).store;

beforeEach(() => document.documentElement.setAttribute('lang', 'en'));
afterEach(cleanup);

test('an amount of time is by the clock or in working time; a calendar goes with working time only', () => {
  const store = shown({ until: { after: { amount: 2, unit: 'hours', time: 'working', calendar: 'office' } } });
  fireEvent.change(screen.getByLabelText('Until: amount'), { target: { value: '5' } });
  fireEvent.change(screen.getByLabelText('Until: unit'), { target: { value: 'days' } });
  expect(store.getState().draft.config).toEqual({ until: { after: { amount: 5, unit: 'days', time: 'working', calendar: 'office' } } });
  fireEvent.change(screen.getByLabelText('Until: time'), { target: { value: 'clock' } });
  expect(store.getState().draft.config).toEqual({ until: { after: { amount: 5, unit: 'days' } } });
});

test('nonsense is kept to be corrected, and not taken', () => {
  const store = shown({ until: { after: { amount: 2, unit: 'hours' } } });
  const before = store.getState().draft;
  for (const value of ['0', '-1', 'x', '999999999', '']) fireEvent.change(screen.getByLabelText('Until: amount'), { target: { value } });
  expect(store.getState().draft).toBe(before);
});

test('a deadline is added, told to others, repeated; what the next outcome does not ask for goes', () => {
  const store = shown({});
  fireEvent.click(screen.getByRole('button', { name: 'Add a deadline' }));
  const one = () => (store.getState().draft.config['deadlines'] as Record<string, unknown>[])[0];
  expect(one()).toMatchObject({ when: { after: { amount: 2, unit: 'hours', time: 'working' } }, then: 'remind' });
  fireEvent.change(screen.getByLabelText('Then'), { target: { value: 'escalate' } });
  fireEvent.click(screen.getByLabelText('Remind again'));
  expect(one()).toMatchObject({ then: 'escalate', repeat: { most: 3 } });
  fireEvent.change(screen.getByLabelText('Then'), { target: { value: 'leave' } });
  expect(Object.keys(one() ?? {}).toSorted()).toEqual(['then', 'uid', 'when']);
  fireEvent.click(screen.getByRole('button', { name: 'Remove Deadline 1' }));
  expect(store.getState().draft.config).toEqual({});
});

test('what is set is said in a line', () => {
  expect(spanWords({ amount: 2, unit: 'hours', time: 'working' })).toBe('2 working hours');
  expect(spanWords({ amount: -3, unit: 'days' })).toBe('3 days');
  const field = () => 'Appointment';
  expect(untilWords({ field: 'x', offset: { amount: -2, unit: 'days', time: 'working' } }, field)).toBe('2 working days before Appointment');
  expect(untilWords({ field: 'x' }, field)).toBe('at Appointment');
});

test('a number says between what it may be, until one is there', () => {
  render(<NumberBox value={undefined} integer min={1} max={100} onChange={() => undefined} />);
  expect((screen.getByRole('textbox') as HTMLInputElement).placeholder).toBe('1–100');
});

test('a number that is not allowed stays as it was typed, unsaved, and says what is allowed', () => {
  const saved: (string | undefined)[] = [];
  const shown = (value: number) => <NumberBox value={value} integer min={1} max={100} onChange={(text) => saved.push(text)} />;
  const { rerender } = render(shown(5));
  const box = screen.getByRole('textbox') as HTMLInputElement;
  fireEvent.change(box, { target: { value: '500' } });
  expect(screen.queryByRole('alert')).toBeNull(); // he may not have done yet
  fireEvent.blur(box);
  expect([box.value, saved]).toEqual(['500', []]);
  expect(screen.getByRole('alert').textContent).toContain('1 to 100');
  rerender(shown(7)); // undone, or changed elsewhere
  expect(box.value).toBe('7');
  expect(screen.queryByRole('alert')).toBeNull();
  fireEvent.change(box, { target: { value: '50' } });
  rerender(shown(50));
  fireEvent.blur(box);
  expect([box.value, saved]).toEqual(['50', ['50']]);
});
