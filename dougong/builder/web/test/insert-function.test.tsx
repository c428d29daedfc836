/** Functions are found by what they do, as people who do not know their names look for them; and fields where there are many. */
import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';

import { InsertField } from '../src/builder/config/InsertField';
import { InsertFunction } from '../src/builder/config/InsertFunction';
import type { FieldInfo } from '../src/core/fields';

afterEach(cleanup);

const takes = { takes: ['[number]'], gives: 'number', optional: 0 };

test('a function is found by its use and by the initials of that, and Enter puts the first in', async () => {
  const insert = vi.fn();
  render(<InsertFunction functions={{ SUM: takes, MAX: takes, RMBCAP: takes }} insert={insert} returnTo={() => null} />);
  fireEvent.click(screen.getByRole('button', { name: '插入函数' }));
  const search = screen.getByRole('searchbox');
  expect(document.activeElement).toBe(search);
  const found = () => screen.getAllByRole('listitem').map((one) => one.querySelector('span')!.textContent);
  expect(found()).toEqual(['MAX', 'RMBCAP', 'SUM']);
  fireEvent.change(search, { target: { value: '大写' } });
  expect(found()).toEqual(['RMBCAP']);
  fireEvent.change(search, { target: { value: 'qh' } });
  expect(found()).toEqual(['SUM']);
  fireEvent.keyDown(search, { key: 'Enter' });
  expect(insert).toHaveBeenCalledWith('SUM');
  expect(screen.queryByRole('searchbox')).toBeNull();
});

test('of many fields one is found by its title, its initials or its key', () => {
  const insert = vi.fn();
  const titles = ['客户姓名', '联系电话', '上门地址', ...Array.from({ length: 12 }, (_, index) => `备注${index}`)];
  const fields = titles.map((title, index) => ({ key: `f${index}`, title: { 'zh-Hans': title } }) as unknown as FieldInfo);
  render(<InsertField fields={fields} insert={insert} spot={{ current: { input: null } }} />);
  fireEvent.click(screen.getByRole('button', { name: '插入字段' }));
  const search = screen.getByRole('searchbox');
  const found = (words: string) => {
    fireEvent.change(search, { target: { value: words } });
    return screen.queryAllByRole('listitem').map((one) => one.querySelector('span')!.textContent);
  };
  expect([found('地址'), found('lxdh'), found('f0')]).toEqual([['上门地址'], ['联系电话'], ['客户姓名']]);
  fireEvent.keyDown(search, { key: 'Enter' });
  expect(insert).toHaveBeenCalledWith(fields[0]);
});
