/** A rebate: key accounts by marginal tiers, small merchants by the order, two places with their own terms, two shares. */
import type { Settlement } from '../../src/builder/settlement/types';
import type { ChargeModel, FieldType } from '../../src/core/types';

const text = (zh: string, en: string) => ({ 'zh-Hans': zh, en });

export const REBATE: Settlement = {
  format: 1, uid: 's', kind: 'settlement', key: 'rebate', title: text('返利', 'Rebate'),
  inputs: [
    { uid: 'i1', key: 'order_no', type: 'text', title: text('订单号', 'Order') },
    { uid: 'i2', key: 'dealer', type: 'record', title: text('经销商', 'Dealer'), config: { entity: 'dealer' } },
    { uid: 'i3', key: 'kind', type: 'choice', title: text('类型', 'Kind'), from: { input: 'dealer', field: 'type' }, config: { options: [{ uid: 'o1', key: 'key', title: text('大客户', 'Key account') }, { uid: 'o2', key: 'small', title: text('小商户', 'Small') }] } },
    { uid: 'i4', key: 'place', type: 'region', title: text('地区', 'Place') },
    { uid: 'i5', key: 'amount', type: 'money', title: text('金额', 'Amount') },
    { uid: 'i6', key: 'date', type: 'date', title: text('日期', 'Date') },
  ],
  line_id: 'order_no', partner: 'dealer', date: 'date', currency: 'CNY',
  line: {
    dimensions: [{ uid: 'd1', input: 'kind' }, { uid: 'd2', input: 'amount' }],
    rules: [
      { uid: 'l1', title: text('大单', 'Large'), when: { d1: { in: ['key'] }, d2: { from: '1000' } }, charge: { model: 'percentage', measure: { sum: 'amount' }, percent: '1' } },
      { uid: 'l2', when: {}, charge: { model: 'flat', amount: '5' } },
    ],
  },
  statement: {
    dimensions: [{ uid: 'd3', input: 'kind' }],
    rules: [
      { uid: 'r1', when: { d3: { in: ['key'] } }, charge: { model: 'graduated_percentage', measure: { sum: 'amount' }, tiers: [{ uid: 't1', below: '100000', percent: '1' }, { uid: 't2', below: '500000', percent: '2' }, { uid: 't3', below: null, percent: '3' }] } },
      { uid: 'r2', when: { d3: { not_in: ['key'] } }, charge: { model: 'per_unit', measure: { count: true }, rate: '12.5' } },
    ],
  },
  term_dimensions: [{ uid: 'd4', input: 'place' }],
  terms: [{ uid: 'm1', when: { d4: { in: ['81'] } }, currency: 'HKD', tax: { kind: 'out_of_scope' } }, { uid: 'm2', when: {}, currency: 'CNY', tax: { kind: 'inclusive', rate: '6' } }],
  shares: [{ uid: 'p1', party: text('销售', 'Sales'), percent: '60' }, { uid: 'p2', party: text('服务', 'Service'), percent: '30.5' }],
  samples: [{ uid: 'x1', values: { order_no: 'SO-1', kind: 'key', amount: '600000', date: '2026-10-08' } }],
};

function model(name: string, zh: string, asks: string[], tier_asks: string[] = [], measured = true): ChargeModel {
  return { name, title: text(zh, name), help: text('', ''), asks, may: ['min', 'max'], tier_asks, tier_may: ['amount'], measured, whole: name.startsWith('volume') };
}

export const MODELS: ChargeModel[] = [
  model('flat', '固定金额', ['amount'], [], false),
  model('base_rate', '基础费 × 系数', ['amount', 'rate'], [], false),
  model('per_unit', '数量 × 单价', ['rate']),
  model('percentage', '统一比例', ['percent']),
  model('graduated_percentage', '超额累进（按比例）', ['tiers'], ['percent']),
  model('graduated', '超额累进（按单价）', ['tiers'], ['rate']),
  model('volume_percentage', '全额累进（按比例）', ['tiers'], ['percent']),
];

export const modelOf = (name: string): ChargeModel => MODELS.find((one) => one.name === name)!;

export function fieldType(name: string, more: Partial<FieldType> = {}): FieldType {
  return { name, title: text(name, name), help: text('', ''), kind: name, group: 'basic', icon: '', config: { type: 'object', properties: {} }, computed: false, ...more };
}
