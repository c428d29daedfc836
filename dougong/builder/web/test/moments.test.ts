/** Days and times are read as people type them; moments stand on the company's wall, wherever the reader is. */
import { expect, test } from 'vitest';

import { momentOf, readDay, readTime, readWall, turned, wallOf } from '../src/core/moments';

test('days are read as they are typed; what is no day is not', () => {
  for (const typed of ['2026-11-27', '20261127', '2026/11/27', '2026.11.27', '2026年11月27日', '２０２６／１１／２７', ' 2026-11-27 ']) expect(readDay(typed), typed).toBe('2026-11-27');
  expect(readDay('2026-1-5')).toBe('2026-01-05');
  for (const typed of ['2026-02-30', '2026-13-01', '0000-01-01', '2026-11', '202611270', '27/11/2026', 'today', '']) expect(readDay(typed), typed).toBeNull();
  expect([readDay('2028-02-29'), readDay('2026-02-29')]).toEqual(['2028-02-29', null]);
});

test('times of day, and days with one', () => {
  for (const typed of ['9:30', '09:30', '930', '0930', '９：３０', '09:30:15']) expect(readTime(typed), typed).toBe('09:30');
  for (const typed of ['24:00', '9:60', '9', '9:3', '']) expect(readTime(typed), typed).toBeNull();
  expect(['2026/1/5 9:30', '2026-01-05T23:59', '2026年1月5日', '20260105 0930', '2026-1-5 24:00', '2026-02-30 09:00', '9:30'].map(readWall)).toEqual([
    '2026-01-05 09:30', '2026-01-05 23:59', '2026-01-05 00:00', '2026-01-05 09:30', null, null, null,
  ]);
  expect([turned('23:50', 1), turned('00:05', -1)]).toEqual(['00:05', '23:50']);
});

test('a moment stands on the wall of its zone, there and back', () => {
  expect(momentOf('2026-01-05 09:30', 'Asia/Shanghai')).toBe('2026-01-05T01:30:00Z');
  expect(wallOf('2026-01-05T01:30:00Z', 'Asia/Shanghai')).toBe('2026-01-05 09:30');
  for (const zone of ['Asia/Shanghai', 'Europe/Berlin', 'America/St_Johns', 'Pacific/Apia', 'Australia/Lord_Howe']) {
    for (const wall of ['2026-01-31 23:59', '2026-03-29 03:00', '2026-07-01 00:00', '2026-12-31 12:15']) expect(wallOf(momentOf(wall, zone), zone), zone).toBe(wall);
  }
  expect(wallOf('nonsense', 'Asia/Shanghai')).toBe('');
});

test('the hour that summer time leaves out, and the one that comes twice, are read as the server reads them', () => {
  expect(momentOf('2026-03-29 02:30', 'Europe/Berlin')).toBe('2026-03-29T01:30:00Z');
  expect(momentOf('2026-10-25 02:30', 'Europe/Berlin')).toBe('2026-10-25T00:30:00Z');
});
