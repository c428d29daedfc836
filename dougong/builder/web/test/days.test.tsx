/** Boxes for days, moments and times: only what is one is handed on, what is none is told where it stands, and the calendar works by keyboard. */
import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react';
import axe from 'axe-core';
import { useState } from 'react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { DayBox, MomentBox } from '../src/builder/parts/DayBox';
import { TimeBox } from '../src/builder/parts/TimeBox';

beforeEach(() => {
  globalThis.ResizeObserver ??= class { observe() {} unobserve() {} disconnect() {} } as unknown as typeof ResizeObserver;
  Object.assign(document.documentElement, { lang: 'zh-Hans' });
  document.documentElement.dataset['zone'] = 'Asia/Shanghai';
  document.body.dataset['words'] = JSON.stringify({ 'form.today': '今天', 'form.now': '此刻', 'form.clear': '清除', 'form.done': '完成', 'form.time': '时间', 'field.date.invalid': '“{found}”不是日期', 'form.no_moment': '“{found}”不是时间' });
});
afterEach(() => {
  fireEvent.keyDown(document.body, { key: 'Escape' });
  cleanup();
});

function kept(Box: typeof DayBox | typeof MomentBox, first = '', needed = false) {
  const told = vi.fn();
  function Kept() {
    const [value, set] = useState<string | undefined>(first);
    return <Box label="开始" value={value ?? ''} needed={needed} onChange={(next) => (told(next), set(next))} />;
  }
  render(<Kept />);
  return { told, box: screen.getByLabelText<HTMLInputElement>('开始') };
}

/** As a person types who then leaves the field. */
function type(box: HTMLInputElement, text: string): void {
  for (let length = 1; length <= text.length; length++) fireEvent.input(box, { target: { value: text.slice(0, length) } });
  if (!text) fireEvent.input(box, { target: { value: '' } });
  fireEvent.change(box);
  box.dispatchEvent(new Event('change', { bubbles: true }));
}

const open = () => screen.getByRole('button', { name: '打开日历：开始' });
const calendar = () => screen.findByRole('dialog', { name: '打开日历：开始' });

test.each(['2026-11-27', '20261127', '2026/11/27', '2026年11月27日'])('%s is the day that it says', (text) => {
  const { told, box } = kept(DayBox);
  type(box, text);
  expect(told.mock.calls).toEqual([['2026-11-27']]);
  expect(box.value).toBe('2026-11-27');
  expect(box.getAttribute('aria-invalid')).toBeNull();
});

test('what is no day is told at its field, and not handed on; what follows it is', () => {
  const { told, box } = kept(DayBox, '2026-11-27');
  type(box, '2026-02-30');
  expect(told).not.toHaveBeenCalled();
  expect(screen.getByRole('alert').textContent).toBe('“2026-02-30”不是日期');
  expect(box.getAttribute('aria-describedby')).toBe(screen.getByRole('alert').id);
  type(box, '2026-02-28');
  expect(screen.queryByRole('alert')).toBeNull();
  expect(told).toHaveBeenLastCalledWith('2026-02-28');
  type(box, '');
  expect(told).toHaveBeenLastCalledWith(undefined);
});

test('one that is needed is not emptied', () => {
  const { told, box } = kept(DayBox, '2026-11-27', true);
  type(box, '');
  expect([box.value, told.mock.calls]).toEqual(['2026-11-27', []]);
});

test('a moment is typed on the clock of the company, whose zone is named, and kept in Greenwich', () => {
  const { told, box } = kept(MomentBox, '2026-01-05T01:30:00Z');
  expect(box.value).toBe('2026-01-05 09:30');
  expect(screen.getByText('中国标准时间')).toBeTruthy();
  type(box, '2026/1/6 930');
  expect(told).toHaveBeenLastCalledWith('2026-01-06T01:30:00Z');
  expect(box.value).toBe('2026-01-06 09:30');
});

test('arrow down opens the calendar at its day; Escape closes it, and only it', async () => {
  const { told, box } = kept(DayBox, '2026-11-27');
  const outer = vi.fn();
  document.addEventListener('keydown', outer);
  fireEvent.keyDown(box, { key: 'ArrowDown' });
  const card = await calendar();
  expect(open().getAttribute('aria-expanded')).toBe('true');
  expect(card.querySelector('calendar-date')).toMatchObject({ value: '2026-11-27' });
  expect(card.querySelector('calendar-date')?.getAttribute('first-day-of-week')).toBe('1');
  outer.mockClear();
  fireEvent.keyDown(box, { key: 'Escape' });
  document.removeEventListener('keydown', outer);
  expect(screen.queryByRole('dialog')).toBeNull();
  expect([outer.mock.calls, told.mock.calls, document.activeElement]).toEqual([[], [], box]);
});

test('a day is chosen, today is, and none', async () => {
  const { told } = kept(DayBox, '2026-11-27');
  fireEvent.click(open());
  const days = (await calendar()).querySelector<HTMLElement & { value: string }>('calendar-date')!;
  days.value = '2026-11-28';
  days.dispatchEvent(new Event('change'));
  expect(told).toHaveBeenLastCalledWith('2026-11-28');
  expect(screen.queryByRole('dialog')).toBeNull();
  fireEvent.click(open());
  await calendar();
  fireEvent.click(screen.getByRole('button', { name: '清除' }));
  expect(told).toHaveBeenLastCalledWith(undefined);
  fireEvent.click(open());
  await calendar();
  expect(screen.queryByRole('button', { name: '清除' })).toBeNull();
  fireEvent.click(screen.getByRole('button', { name: '今天' }));
  expect(told).toHaveBeenLastCalledWith(new Intl.DateTimeFormat('sv', { timeZone: 'Asia/Shanghai' }).format());
});

test('of a moment the time is chosen too; the calendar stays until it is done', async () => {
  const { told } = kept(MomentBox);
  fireEvent.click(open());
  const card = await calendar();
  const days = card.querySelector<HTMLElement & { value: string }>('calendar-date')!;
  days.value = '2026-11-28';
  days.dispatchEvent(new Event('change'));
  expect(told).toHaveBeenLastCalledWith('2026-11-28T01:00:00Z');
  const time = screen.getByLabelText<HTMLInputElement>(/^时间/);
  fireEvent.keyDown(time, { key: 'ArrowUp' });
  expect(told).toHaveBeenLastCalledWith('2026-11-28T01:15:00Z');
  time.value = '1430';
  time.dispatchEvent(new Event('change'));
  expect(told).toHaveBeenLastCalledWith('2026-11-28T06:30:00Z');
  fireEvent.click(screen.getByRole('button', { name: '完成' }));
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
});

test('a time is typed or turned; at the end of a shift midnight is 24:00', () => {
  const told = vi.fn();
  render(<><TimeBox label="从" value="09:00" disabled={false} onChange={told} /><TimeBox label="到" value="18:00" end disabled={false} onChange={told} /></>);
  const put = (name: string, text: string) => {
    fireEvent.change(screen.getByLabelText(name), { target: { value: text } });
    fireEvent.blur(screen.getByLabelText(name));
  };
  put('从', '0830');
  put('到', '24:00');
  put('到', '0:00');
  fireEvent.keyDown(screen.getByLabelText('到'), { key: 'ArrowDown' });
  expect(told.mock.calls).toEqual([['08:30'], ['24:00'], ['24:00'], ['17:45']]);
  put('从', '24:00');
  expect(screen.getByRole('alert').textContent).toContain('“24:00”');
  expect(screen.getByLabelText('从').getAttribute('aria-invalid')).toBe('true');
  expect(told).toHaveBeenCalledTimes(4);
});

test('a time that may be left out is taken away', () => {
  const [told, cleared] = [vi.fn(), vi.fn()];
  render(<TimeBox label="几点" value="09:30" disabled={false} onChange={told} onClear={cleared} />);
  const box = screen.getByLabelText('几点');
  fireEvent.change(box, { target: { value: '' } });
  fireEvent.blur(box);
  expect([told.mock.calls, cleared.mock.calls.length]).toEqual([[], 1]);
});

test('open, it has names and roles for who listens', async () => {
  kept(MomentBox, '2026-01-05T01:30:00Z');
  fireEvent.click(open());
  await calendar();
  const { violations } = await axe.run(document.body, { rules: { 'color-contrast': { enabled: false }, region: { enabled: false } } });
  expect(violations.map(({ id, nodes }) => [id, nodes.map((node) => node.html)])).toEqual([]);
});
