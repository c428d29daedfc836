/** Functions are found by what they do, as people who do not know their names look for them. */
import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';

import { InsertFunction } from '../src/builder/config/InsertFunction';

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
