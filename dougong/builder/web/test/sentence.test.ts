/** Conditions read aloud in both languages: what the server says too. */
import { expect, test } from 'vitest';

import given from '../../../schemas/vectors/sentences.json';
import { sentence } from '../src/core/sentence';
import type { Tree } from '../src/core/types';
import { FIELDS, OPERATORS } from './documents';

const speech = { fields: FIELDS, operators: OPERATORS, region: (code: string) => ({ '44': '广东省' })[code] };

test.each(given)('$name', ({ tree, 'zh-Hans': zh, en }) => {
  expect([sentence(tree as Tree, { ...speech, tag: 'zh-Hans' }), sentence(tree as Tree, { ...speech, tag: 'en' })]).toEqual([zh, en]);
});

test('nothing drawn yet is no sentence', () => expect(sentence(undefined, speech)).toBe(''));
