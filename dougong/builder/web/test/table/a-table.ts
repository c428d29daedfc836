/** A dispatch table: by kind of appliance, amount and place, who comes and how soon. */
import type { FieldType } from '../../src/core/types';
import type { Table } from '../../src/builder/table/types';

const text = (zh: string, en: string) => ({ 'zh-Hans': zh, en });
const option = (key: string, zh: string, en: string) => ({ uid: `o_${key}`, key, title: text(zh, en) });

export const DISPATCH: Table = {
  format: 1, uid: 't', kind: 'table', key: 'dispatch', title: text('派工', 'Dispatch'), policy: 'first',
  inputs: [
    { uid: 'line', key: 'line', type: 'choice', title: text('产品线', 'Line'), required: true, config: { options: [option('aircon', '空调', 'Aircon'), option('washer', '洗衣机', 'Washer')] } },
    { uid: 'amount', key: 'amount', type: 'money', title: text('金额', 'Amount') },
    { uid: 'note', key: 'note', type: 'text', title: text('描述', 'Note') },
  ],
  outputs: [
    { uid: 'team', key: 'team', type: 'role', title: text('班组', 'Team') },
    { uid: 'fee', key: 'fee', type: 'money', title: text('费用', 'Fee') },
  ],
  rules: [
    { uid: 'r1', when: { line: [{ operator: 'one_of', value: ['aircon'] }], amount: [{ operator: 'at_least', value: '100' }, { operator: 'less', value: '500' }] }, then: { team: { value: 'engineer' }, fee: { value: '50' } } },
    { uid: 'r2', when: { note: [{ operator: 'contains', value: '漏水' }] }, then: { fee: { formula: 'amount * 0.1' } }, note: '急' },
  ],
  default: { fee: { value: '0' } },
};

export function fieldType(name: string, more: Partial<FieldType> = {}): FieldType {
  return { name, title: text(name, name), help: text('', ''), kind: name, group: 'basic', icon: 'square', config: {}, computed: false, ...more };
}
