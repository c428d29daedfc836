/** What differs between two drafts, matched by uid. */
import { expect, test } from 'vitest';

import { differences, inWords } from '../src/core/differences';
import { changeNode, connect, moveEdge, placed } from '../src/builder/workflow/edits';
import { remove } from '../src/builder/workflow/removing';
import { text, workflow } from './documents';

const words = (after: object) => differences(workflow(), after).map(inWords);

test('nothing', () => expect(words(workflow())).toEqual([]));
test('added', () => expect(words(connect(workflow(), 'a', 'end'))).toEqual(['新增连线“a → end”']));
test('removed', () => expect(words(remove(workflow(), [{ group: 'edges', uid: 'ea' }]))).toEqual(['删除连线“choice → a”']));
test('changed, with the parts that differ', () => {
  const after = changeNode(workflow(), 'a', (node) => ({ ...node, title: text('上门'), config: { who: { by: 'customer' } } }));
  expect(words(after)[0]).toBe('修改节点“上门”：名称、处理人');
});
test('another order', () => expect(words(moveEdge(workflow(), 'ea', 1))).toEqual(['调整连线的顺序']));
test('the document itself, and its layout', () => {
  expect(words({ ...workflow(), form: 'other' })).toEqual(['修改了表单']);
  expect(words(placed(workflow(), { a: { x: 1, y: 1 } }))).toEqual(['修改了布局']);
});
