/** Documents and types for the tests: a small workflow with all that matters in it, and the schema that every edit must keep to. */
import Ajv from 'ajv/dist/2020';
import { expect } from 'vitest';

import common from '../../../schemas/common.json';
import workflowSchema from '../../../schemas/workflow.json';
import type { FieldInfo } from '../src/core/fields';
import type { Doc, NodeType, OperatorType, WorkflowDoc } from '../src/core/types';

const ajv = new Ajv({ strict: false, schemas: [common] });
const validate = ajv.compile(workflowSchema);

export function expectValid(doc: Doc): void {
  validate(doc);
  expect(validate.errors).toBeNull();
}

export const text = (words: string) => ({ 'zh-Hans': words, en: `${words} en` });

function type(name: string, ways_in: NodeType['ways_in'], ways_out: NodeType['ways_out']): NodeType {
  return { name, title: text(name), help: text(''), family: 'people', icon: 'user', config: {}, ways_in, ways_out };
}

export const TYPES: NodeType[] = [
  type('start', [0, 0], [1, 1]),
  type('end', [1, null], [0, 0]),
  type('revoke', [0, 0], [1, 1]),
  type('user_task', [1, null], [1, 1]),
  type('decide', [1, null], [2, null]),
  type('fork', [1, null], [2, null]),
  type('some', [1, null], [2, null]),
  type('first', [1, null], [2, null]),
  type('wait', [1, null], [1, 1]),
  { ...type('approval', [1, null], [1, 1]), outcomes: { rejected: text('未通过'), deadline: text('超时') } },
  type('join', [2, null], [1, 1]),
  type('put_back', [1, null], [1, 1]),
];

export function typeNamed(name: string): NodeType {
  const found = TYPES.find((one) => one.name === name);
  if (!found) throw new Error(name);
  return found;
}

/** start -> task -> choice -> (a: condition, b: condition, end: otherwise) */
export function workflow(): WorkflowDoc {
  const node = (uid: string, kind: string, config = {}) => ({ uid, type: kind, title: text(uid), config });
  const when = (value: string) => ({ combinator: 'and' as const, rules: [{ field: 'level', operator: 'equals', value }] });
  return {
    format: 2,
    uid: 'wf',
    kind: 'workflow',
    key: 'repair',
    title: text('报修'),
    form: 'repair',
    nodes: [
      node('start', 'start'),
      node('task', 'user_task', { who: { by: 'initiator' } }),
      node('choice', 'decide'),
      node('a', 'user_task'),
      node('b', 'user_task', { who: { by: 'handler', node: 'a' } }),
      node('end', 'end'),
    ],
    edges: [
      { uid: 'e1', source: 'start', target: 'task' },
      { uid: 'e2', source: 'task', target: 'choice' },
      { uid: 'ea', source: 'choice', target: 'a', when: when('vip') },
      { uid: 'eb', source: 'choice', target: 'b', when: when('key') },
      { uid: 'ez', source: 'choice', target: 'end', default: true },
    ],
    layout: {
      nodes: {
        start: { x: 0, y: 0 },
        task: { x: 280, y: 0 },
        choice: { x: 560, y: 0 },
        a: { x: 980, y: -96 },
        b: { x: 980, y: 0 },
        end: { x: 980, y: 96 },
      },
    },
  };
}

const options = (...keys: string[]) => ({ options: keys.map((key) => ({ uid: key, key, title: text(key) })) });

function field(key: string, kind: string, title: string, config = {}): FieldInfo {
  return { uid: key, key, type: kind, kind, title: { 'zh-Hans': title, en: key }, config };
}

export const FIELDS: FieldInfo[] = [
  field('cost', 'number', '费用'),
  field('limit', 'number', '限额'),
  field('level', 'choice', '等级', options('vip', 'key')),
  field('problem', 'text', '故障'),
  field('urgent', 'boolean', '加急'),
  field('address', 'region', '地址'),
  field('day', 'date', '日期'),
];

function operator(name: string, zh: string, en: string, operand: OperatorType['operand'], ...kinds: string[]): OperatorType {
  return { name, title: { 'zh-Hans': zh, en }, operand, kinds, if_missing: false };
}

export const OPERATORS: OperatorType[] = [
  operator('equals', '等于', 'is', 'one', 'text', 'number', 'choice', 'date'),
  operator('greater', '大于', 'is more than', 'one', 'number'),
  operator('between', '介于', 'is between', 'two', 'number', 'date'),
  operator('one_of', '属于', 'is one of', 'many', 'text', 'choice'),
  operator('contains_any', '包含任一', 'contains any of', 'many', 'text'),
  operator('is_true', '为是', 'is yes', 'none', 'boolean'),
  operator('within', '位于', 'is in', 'many', 'region'),
  { ...operator('last_days', '在过去…天内', 'is in the last … days', 'one', 'date'), of: 'number' },
  { ...operator('weekday_is', '是星期', 'falls on', 'many', 'date'), of: 'number', options: { '1': { 'zh-Hans': '周一', en: 'Monday' }, '2': { 'zh-Hans': '周二', en: 'Tuesday' } } },
  operator('empty', '为空', 'is empty', 'none', 'text', 'number', 'choice'),
];
