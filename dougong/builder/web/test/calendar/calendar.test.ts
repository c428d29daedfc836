/** What a day of a calendar is, what its edits do, and what is read from pasted text. */
import { expect, test } from 'vitest';

import { minutesOf, yearOf } from '../../src/builder/calendar/days';
import { addDate, addShift, imported, readHours, removeDate, removeShift, setDate, setShift, setWhole, toggleDate, toggleDay, worked } from '../../src/builder/calendar/edits';
import { kept, readDates } from '../../src/builder/calendar/reading';
import { triple } from '../triple';
import { OFFICE } from './a-calendar';

const NOTICE = `国务院办公厅关于2026年部分节假日安排的通知
一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。
二、春节：2月15日（农历腊月二十八、周日）至23日（农历正月初七、周一）放假调休，共9天。2月14日（周六）、2月28日（周六）上班。
三、清明节：4月4日（周六）至6日（周一）放假，共3天。
四、劳动节：5月1日（周五）至5日（周二）放假调休，共5天。5月9日（周六）上班。
五、端午节：6月19日（周五）至21日（周日）放假，共3天。
六、中秋节：9月25日（周五）至27日（周日）放假，共3天。
七、国庆节：10月1日（周四）至7日（周三）放假调休，共7天。9月20日（周日）、10月10日（周六）上班。
节假日期间，各地区、各部门要妥善安排好值班和安全。`;

test('the official notice is read as it is published', () => {
  const { rows, bad } = readDates(NOTICE, 2030);
  expect(bad).toEqual([]);
  const said = (work: boolean) => rows.filter((row) => row.work === work).map((row) => `${row.from}/${row.to} ${row.title}`);
  expect(said(false)).toEqual([
    '2026-01-01/2026-01-03 元旦', '2026-02-15/2026-02-23 春节', '2026-04-04/2026-04-06 清明节', '2026-05-01/2026-05-05 劳动节',
    '2026-06-19/2026-06-21 端午节', '2026-09-25/2026-09-27 中秋节', '2026-10-01/2026-10-07 国庆节',
  ]);
  expect(rows.filter((row) => row.work).map((row) => row.from)).toEqual(['2026-01-04', '2026-02-14', '2026-02-28', '2026-05-09', '2026-09-20', '2026-10-10']);
});

test('the notice on one line, and an older one over two months, are read too', () => {
  expect(readDates(NOTICE.replaceAll('\n', ''), 2030).rows).toHaveLength(13);
  expect(readDates('二、春节：1月28日至2月4日放假调休，共8天。', 2025).rows).toEqual([{ from: '2025-01-28', to: '2025-02-04', work: false, title: '春节' }]);
});

test('a table is read: heads left out, days joined, what is no date said', () => {
  const { rows, bad } = readDates('date,to,what,name\n2026-10-01,2026-10-07,休,国庆节\n2026/10/10\t班\t国庆节\n20261225,off,Christmas\n2026-12-26,off,Christmas\nsoon,off', 2026);
  expect(rows).toEqual([
    { from: '2026-10-01', to: '2026-10-07', work: false, title: '国庆节' },
    { from: '2026-10-10', to: '2026-10-10', work: true, title: '国庆节' },
    { from: '2026-12-25', to: '2026-12-26', work: false, title: 'Christmas' },
  ]);
  expect(bad).toEqual(['soon,off']);
  expect(readDates('2026-02-30,off\nx', 2026)).toEqual({ rows: [], bad: ['x'] });
});

test('an import replaces its year and no other, and widens the years', () => {
  const rows = readDates('2027-01-01~2027-01-03,休,元旦', 2026).rows.map((row) => kept(row, 1, 'en'));
  const next = triple(OFFICE, (doc) => imported(doc, rows));
  expect(next.dates?.map((row) => row.from)).toEqual(['2026-02-14', '2026-02-15', '2026-03-04', '2027-01-01']);
  expect(next.dates?.at(-1)?.title).toEqual({ 'zh-Hans': '元旦', en: 'New Year' });
  expect(next.years).toEqual({ from: 2026, to: 2027 });
  expect(imported(next, [{ from: '2027-05-01' }]).dates?.filter((row) => row.from.startsWith('2027'))).toHaveLength(1);
  expect(imported(OFFICE, [])).toBe(OFFICE);
});

test('the year as it is drawn', () => {
  const days = new Map(yearOf(OFFICE, 2026).map((day) => [day.date, day]));
  expect(days.size).toBe(365);
  expect(['2026-02-13', '2026-02-14', '2026-02-16', '2026-02-28', '2026-03-04'].map((date) => days.get(date)?.state)).toEqual(['open', 'makeup', 'holiday', 'off', 'special']);
  expect(minutesOf(days.get('2026-02-14')?.hours ?? [])).toBe(450);
  expect(minutesOf([{ uid: 'n', from: '22:00', to: '06:00' }, { uid: 'd', from: '00:00', to: '24:00' }, { uid: 'e', from: '08:00', to: '08:00' }])).toBe(480 + 1440 + 1440);
});

test('a click turns a single day the other way, and back; a longer row stays', () => {
  const closed = triple(OFFICE, (doc) => toggleDate(doc, '2026-06-01'));
  expect(closed.dates?.at(-1)).toMatchObject({ from: '2026-06-01' });
  expect(toggleDate(closed, '2026-06-01').dates).toEqual(OFFICE.dates);
  expect(triple(OFFICE, (doc) => toggleDate(doc, '2026-06-06')).dates?.at(-1)).toMatchObject({ from: '2026-06-06', like: 1 });
  expect(toggleDate(OFFICE, '2026-02-16')).toBe(OFFICE);
  expect(toggleDate({ ...OFFICE, shifts: [], dates: [] }, '2026-06-06').dates).toEqual([]);
});

test('every edit can be undone, and the server would take what it makes', () => {
  triple(OFFICE, addShift);
  triple({ ...OFFICE, shifts: [] }, addShift);
  triple(OFFICE, (doc) => setShift(doc, 'am', { from: '08:30' }));
  expect(triple(OFFICE, (doc) => toggleDay(doc, 'am', 6)).shifts[0]?.days).toEqual([1, 2, 3, 4, 5, 6]);
  expect(triple(OFFICE, (doc) => toggleDay(doc, 'am', 1)).shifts[0]?.days).toEqual([2, 3, 4, 5]);
  triple(OFFICE, (doc) => removeShift(doc, 'am'));
  triple(OFFICE, (doc) => addDate(doc, { from: '2026-07-01', like: 1 }));
  triple(OFFICE, (doc) => removeDate(doc, 'sf'));
  triple(OFFICE, (doc) => setDate(doc, 'up', worked({ uid: 'up', from: '2026-02-14', like: 1 }, { shifts: readHours('9:00-12:00') ?? [] })));
  triple(OFFICE, (doc) => setWhole(doc, 'years', undefined));
  triple(OFFICE, (doc) => setWhole(doc, 'zone', 'Europe/Berlin'));
});

test('hours are read as they are typed', () => {
  expect(readHours('9:00-12:00，13:00～17:30')?.map(({ from, to }) => `${from} ${to}`)).toEqual(['09:00 12:00', '13:00 17:30']);
  expect([readHours(''), readHours('9-12'), readHours('morning')]).toEqual([null, null, null]);
});
