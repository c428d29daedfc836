/** A small repair form: a customer that fills a phone, a fault with conditional fields, a formula. */
import type { EntityDoc, Field, FieldType, FormDoc } from '../../src/core/types';

const text = (zh: string, en: string) => ({ 'zh-Hans': zh, en });

function field(uid: string, type: string, more: Partial<Field> = {}): Field {
  return { uid, key: uid, type, title: text(uid, uid), ...more };
}

export const FORM: FormDoc = {
  format: 1, uid: 'f', kind: 'form', key: 'repair', title: text('报修', 'Repair'),
  sections: [
    {
      uid: 'who', title: text('客户', 'Customer'),
      fields: [field('customer', 'record', { config: { entity: 'customer', fill: [{ from: 'phone', to: 'phone' }] } }), field('phone', 'phone')],
    },
    {
      uid: 'what', title: text('故障', 'Fault'),
      visible_when: { combinator: 'and', rules: [{ field: 'phone', operator: 'is_filled' }] },
      fields: [
        field('fault', 'choice', { default: 'noise', config: { options: [{ uid: 'o1', key: 'noise', title: text('异响', 'Noise') }, { uid: 'o2', key: 'leak', title: text('漏水', 'Leak') }] } }),
        field('where', 'text', { visible_when: { combinator: 'and', rules: [{ field: 'fault', operator: 'equals', value: 'leak' }, { combinator: 'or', rules: [{ field: 'other', operator: 'equals', source: 'field', value: 'phone' }] }] } }),
        field('hours', 'number'),
        field('price', 'formula', { config: { formula: 'ROUND(hours * 80, 2) & "hours"' } }),
      ],
    },
    { uid: 'empty', fields: [] },
  ],
};

export const ENTITY: EntityDoc = {
  ...FORM, kind: 'entity', key: 'customer', sections: [{ uid: 's', fields: [field('name', 'text'), field('phone', 'phone'), field('city', 'region')] }],
  name_field: 'name', unique_field: 'phone', list_fields: ['name', 'phone', 'city'],
};

export function type(name: string, more: Partial<FieldType> = {}): FieldType {
  return { name, title: text(`${name}类`, name), help: text('', ''), kind: 'text', group: 'basic', icon: 'type', config: { type: 'object', properties: {} }, computed: false, ...more };
}
