/** The key of a field: what data and formulas call it. It may be changed until the document has been published once. */
import { useId, useState } from 'react';

import { t } from '../../core/i18n';
import { KEY } from '../../core/keys';
import type { Field, FormDoc, Problem } from '../../core/types';
import { useDraft, useOpen, useVerbs } from '../context';
import { Setting } from '../parts/Setting';
import { renameField } from './edits/rename';
import { fieldsOf } from './edits/tree';

export function KeyBox({ field, problems }: { field: Field; problems: Problem[] }) {
  const id = useId();
  const published = useOpen((open) => open.versions.length > 0);
  const readOnly = useOpen((open) => open.readOnly);
  const taken = useDraft((draft: FormDoc) => fieldsOf(draft).some((one) => one.uid !== field.uid && one.key === field.key));
  const draft = useDraft((found: FormDoc) => found);
  const { change } = useVerbs<FormDoc>();
  const [typed, setTyped] = useState<string>();
  const text = typed ?? field.key;
  const wrong = !KEY.test(text) || fieldsOf(draft).some((one) => one.uid !== field.uid && one.key === text);

  const give = () => {
    setTyped(undefined);
    if (!wrong) change((doc) => renameField(doc, field.uid, text));
  };
  return (
    <Setting label={t('builder.form.key')} htmlFor={id} help={t(published ? 'builder.form.key.fixed' : 'builder.form.key.help')} problems={problems}>
      <input
        id={id} className="input bf-key" value={text} disabled={readOnly || (published && !taken)} maxLength={40} spellCheck={false} autoComplete="off" aria-invalid={wrong || undefined}
        onChange={(event) => setTyped(event.target.value.trim())} onBlur={give}
        onKeyDown={(event) => {
          if (event.key === 'Enter') give();
          if (event.key === 'Escape') setTyped(undefined);
        }}
      />
      {wrong && typed !== undefined && <p className="b-said b-error">{t(KEY.test(text) ? 'builder.form.key.taken' : 'builder.form.key.wrong')}</p>}
    </Setting>
  );
}
