/** The fields of a form, as far as rights to them are concerned. */
import { useMemo } from 'react';

import { fieldsOfForm } from '../../core/fields';
import { documentOf, fieldType } from '../../core/library';
import type { FormDoc } from '../../core/types';
import { useLibrary } from '../context';
import { fieldTitle } from '../fields';
import type { RightsField } from './RightsTable';

export function useRightsFields(form: string | undefined): RightsField[] {
  const library = useLibrary((found) => found);
  return useMemo(
    () =>
      fieldsOfForm(documentOf<FormDoc>(library, 'form', form)?.draft, library).map((one) => ({ key: one.key, title: fieldTitle(one), computed: fieldType(library, one.type)?.computed ?? false })),
    [library, form],
  );
}
