/** The settings of the whole: what it is called and for; of a record type also its name, its list, what must not repeat. */
import { pick, t } from '../../core/i18n';
import type { Doc, FormDoc } from '../../core/types';
import { RowsWidget } from '../config/RowsWidget';
import { SchemaForm } from '../config/SchemaForm';
import { useDraft, useLibrary, useOpen, useVerbs } from '../context';
import { Setting } from '../parts/Setting';
import { TextBox } from '../parts/TextBox';
import { setPrint } from './edits/print';
import { fieldsOf } from './edits/tree';
import { EntitySettings } from './EntitySettings';
import { PrintedWidget } from './PrintedWidget';

const WIDGETS = { rows: RowsWidget, printed: PrintedWidget };

export function DocumentInspector() {
  const draft = useDraft((found: FormDoc) => found);
  const kind = useOpen((open) => open.kind);
  const readOnly = useOpen((open) => open.readOnly);
  const schema = useLibrary(({ vocabulary }) => vocabulary.form);
  const paper = useLibrary(({ vocabulary }) => vocabulary.print);
  const { change } = useVerbs<FormDoc>();
  return (
    <>
      <div className="b-inspector-head">
        <h2>{pick(draft.title) || t('builder.untitled')}</h2>
        <span className="tag">{t(`builder.kind.${kind}`)}</span>
      </div>
      <Setting label={t('builder.title')} required>
        <TextBox label={t('builder.title')} value={draft.title} disabled={readOnly} onChange={(title) => change((doc) => ({ ...doc, title: title ?? {} }), 'title')} />
      </Setting>
      <Setting label={t('builder.description')}>
        <TextBox label={t('builder.description')} value={draft.description} optional rows={2} disabled={readOnly} onChange={(next) => change((doc) => whole(doc, 'description', next), 'description')} />
      </Setting>
      {kind === 'entity' && <EntitySettings />}
      {schema && (
        <section className="b-part">
          <SchemaForm schema={schema} value={{ checks: draft.checks }} pointer="" widgets={WIDGETS} onChange={(key, value) => change((doc) => whole(doc, key, value), `document ${key}`)} />
        </section>
      )}
      {kind === 'form' && paper && <SchemaForm schema={paper} value={draft.print ?? {}} pointer="/print" widgets={WIDGETS} onChange={(key, value) => change((doc) => setPrint(doc, key, value), `print ${key}`)} />}
      <p className="b-help">{t('builder.form.summary', { sections: draft.sections.length, fields: fieldsOf(draft).length })}</p>
      <p className="b-help">{t('builder.form.select_one')}</p>
    </>
  );
}

/** `undefined` takes a setting away. */
function whole<D extends Doc>(doc: D, key: string, value: unknown): D {
  const { [key]: _, ...rest } = doc as Doc & Record<string, unknown>;
  return (value === undefined ? rest : { ...rest, [key]: value }) as unknown as D;
}
