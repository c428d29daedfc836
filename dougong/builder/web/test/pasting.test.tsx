/** A text that is longer than a box takes is pasted as far as it goes, and that is said. */
import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';

import type { Editor } from '../src/builder/editor';
import { Notice } from '../src/builder/notices';
import { workflow } from './documents';
import { drawn } from './drawn';

afterEach(cleanup);

const editor = { kind: 'workflow', Canvas: () => <input aria-label="box" maxLength={20} defaultValue="0123456789" /> } as unknown as Editor;

function pasted(length: number, chosen = 0): string {
  drawn(editor, workflow(), { vocabulary: {} });
  render(<Notice />);
  const box = screen.getByLabelText<HTMLInputElement>('box');
  box.setSelectionRange(0, chosen);
  fireEvent.paste(box, { clipboardData: { getData: () => 'x'.repeat(length) } });
  return screen.getByRole('status').textContent ?? '';
}

test('what fits is pasted without a word', () => expect(pasted(10)).toBe(''));
test('what takes the place of something fits as well', () => expect(pasted(15, 5)).toBe(''));
test('what does not fit is told', () => expect(pasted(11)).toContain('20'));
