/** Another type of the same kind of value: a line becomes a text of several lines, a drop-down a multiple choice. */
import { useId } from 'react';

import { pick, t } from '../../core/i18n';
import type { Field, FieldType, FormDoc } from '../../core/types';
import { useLibrary, useOpen, useVerbs } from '../context';
import { Pick } from '../parts/Pick';
import { Setting } from '../parts/Setting';
import { retypeField } from './edits/fields';

export function TypePick({ field, type }: { field: Field; type: FieldType }) {
  const id = useId();
  const types = useLibrary((library) => library.vocabulary.fields);
  const published = useOpen((open) => open.versions.length > 0);
  const readOnly = useOpen((open) => open.readOnly);
  const { change } = useVerbs<FormDoc>();
  const alike = types.filter((one) => one.name === type.name || (!one.computed && !type.computed && alikeKinds(one, type, published)));
  if (alike.length < 2) return null;
  const choose = (name: string) => {
    const next = types.find((one) => one.name === name);
    if (next) change((doc) => retypeField(doc, field.uid, next));
  };
  return (
    <Setting label={t('builder.form.type')} htmlFor={id}>
      <Pick id={id} value={field.type} choices={alike.map((one) => ({ value: one.name, title: pick(one.title) }))} onChange={choose} disabled={readOnly} />
    </Setting>
  );
}

/** What was filled in stays readable; before the first publication nothing was. */
export function alikeKinds(one: FieldType, other: FieldType, published: boolean): boolean {
  const kind = ({ kind: found }: FieldType) => (!published && found === 'choices' ? 'choice' : found);
  return kind(one) === kind(other);
}
