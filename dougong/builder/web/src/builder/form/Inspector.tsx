/** The settings of what is selected: a field, a section, several fields, or the whole form. */
import { t } from '../../core/i18n';
import type { FormDoc } from '../../core/types';
import { useDraft, useOpen, useVerbs } from '../context';
import { DocumentInspector } from './DocumentInspector';
import { sectionOf, standing } from './edits/tree';
import { FieldInspector } from './FieldInspector';
import { SectionInspector } from './SectionInspector';

export function Inspector() {
  const selection = useOpen((open) => open.selection);
  const draft = useDraft((found: FormDoc) => found);
  const { select } = useVerbs();
  const [first] = selection;
  if (selection.length > 1) {
    return (
      <div className="b-stack">
        <h2>{t('builder.form.several', { count: selection.length })}</h2>
        <p className="b-help">{t('builder.form.several.help')}</p>
        <button type="button" className="button small" onClick={() => select([])}>{t('builder.form.deselect')}</button>
      </div>
    );
  }
  const field = first && standing(draft, first.uid);
  if (field) return <FieldInspector key={field.field.uid} {...field} />;
  const section = first && sectionOf(draft, first.uid);
  if (section) return <SectionInspector key={section.section.uid} {...section} />;
  return <DocumentInspector />;
}
