/** Fields that go into a ticket of another workflow are chosen from those of its form. */
import { cleanup, screen } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';

import { SchemaForm } from '../src/builder/config/SchemaForm';
import { useDraft } from '../src/builder/context';
import type { Editor } from '../src/builder/editor';
import { STEP_WIDGETS } from '../src/builder/workflow/widgets';
import type { Library } from '../src/core/library';
import type { Config, Doc, FormDoc, Schema, WorkflowDoc } from '../src/core/types';
import { text, workflow } from './documents';
import { drawn } from './drawn';
import { fieldType } from './table/a-table';

const SCHEMA: Schema = { properties: { into: { 'x-title': text('对方字段'), 'x-widget': 'called-field' } } };
const FORM = { format: 1, uid: 'f', kind: 'form', key: 'claim', title: text('索赔'), sections: [{ uid: 's', fields: [{ uid: 'a', key: 'why', type: 'text', title: text('原因') }] }] } as unknown as FormDoc;
const listed = (draft: Doc) => ({ id: draft.uid, kind: draft.kind, key: draft.key, title: draft.title, revision: 1, active: 1, changed: false, updated_at: '', updated_by: '', draft }) as unknown as Library['documents'][number];

function Canvas() {
  const config = useDraft((draft: WorkflowDoc) => draft.nodes[0]?.config as Config);
  const rows = config['give'] as Config[];
  return <SchemaForm schema={SCHEMA} value={rows[0] as Config} pointer="/nodes/0/config/give/0" widgets={STEP_WIDGETS} onChange={() => undefined} />;
}

afterEach(cleanup);

test('the fields of the other form are offered by their names', () => {
  const calls = { ...workflow(), nodes: [{ uid: 'c', type: 'call', title: text('c'), config: { workflow: 'claims', give: [{ uid: 'g', field: 'x' }] } }] } as WorkflowDoc;
  const claims = { ...workflow(), key: 'claims', form: 'claim' } as WorkflowDoc;
  drawn({ kind: 'workflow', Canvas } as Editor, calls, { vocabulary: { fields: [fieldType('text')] }, documents: [listed(claims), listed(FORM)] });
  expect([...(screen.getByLabelText('对方字段') as HTMLSelectElement).options].map((one) => [one.value, one.text])).toContainEqual(['why', '原因']);
});
