/** The settings of one field: what it is called, whether it must be filled, how it begins, its type's own settings, when it is shown. */
import { useId, useMemo } from 'react';

import { pick, t } from '../../core/i18n';
import { fieldType } from '../../core/library';
import { problemsAt } from '../../core/pointer';
import { asType, retitled } from '../../core/titles';
import type { Config, FormDoc } from '../../core/types';
import { ConditionBuilder } from '../conditions/ConditionBuilder';
import { RowsWidget } from '../config/RowsWidget';
import { SchemaForm } from '../config/SchemaForm';
import { useLibrary, useOpen, useVerbs } from '../context';
import { useFields, WithFields } from '../fields';
import { Icon } from '../parts/Icon';
import { Setting } from '../parts/Setting';
import { Switch } from '../parts/Switch';
import { TextBox } from '../parts/TextBox';
import { ColumnsWidget } from './ColumnsWidget';
import { DefaultBox, hasDefault } from './DefaultBox';
import { setConfig, setField } from './edits/fields';
import type { Standing } from './edits/tree';
import { mayBeHalf } from './FieldPreview';
import { FillWidget } from './FillWidget';
import { KeyBox } from './KeyBox';
import { OptionsWidget } from './OptionsWidget';
import { TreeWidget } from './TreeWidget';
import { TypePick } from './TypePick';

const WIDGETS = { options: OptionsWidget, fill: FillWidget, columns: ColumnsWidget, rows: RowsWidget, tree: TreeWidget };

export function FieldInspector({ field, pointer }: Standing) {
  const { uid } = field;
  const { change } = useVerbs<FormDoc>();
  const type = useLibrary((library) => fieldType(library, field.type));
  const all = useFields();
  const others = useMemo(() => all.filter((one) => one.uid !== uid), [all, uid]);
  const readOnly = useOpen((open) => open.readOnly);
  const problems = useOpen((open) => open.problems);
  const at = (name: string) => problemsAt(problems, `${pointer}/${name}`);
  const isNote = type?.kind === 'none';
  return (
    <WithFields value={others}>
      <div className="b-inspector-head">
        <Icon name={type?.icon ?? ''} size={17} />
        <h2>{pick(field.title) || field.key}</h2>
        <span className="tag">{pick(type?.title) || field.type}</span>
      </div>
      <Setting label={t(isNote ? 'builder.form.note.title' : 'builder.title')} required problems={at('title')}>
        <TextBox label={t('builder.title')} value={field.title} disabled={readOnly} {...(isNote ? { rows: 2 } : {})} onChange={(title) => change((doc) => setField(doc, uid, 'title', retitled(field.title, title ?? {}, asType(type?.title))), `title ${uid}`)} />
      </Setting>
      <KeyBox field={field} problems={at('key')} />
      <Setting label={t('builder.form.help')}>
        <TextBox label={t('builder.form.help')} value={field.help} optional disabled={readOnly} onChange={(help) => change((doc) => setField(doc, uid, 'help', help), `help ${uid}`)} />
      </Setting>
      {type && !type.computed && <Required on={field.required ?? false} disabled={readOnly} set={(on) => change((doc) => setField(doc, uid, 'required', on || undefined))} />}
      {mayBeHalf(field.type) && <Width full={field.width === 'full'} disabled={readOnly} set={(full) => change((doc) => setField(doc, uid, 'width', full ? 'full' : undefined))} />}
      {type && <TypePick field={field} type={type} />}
      {type && hasDefault(type) && (
        <Setting label={t('builder.form.default')} problems={at('default')}>
          <DefaultBox field={field} type={type} disabled={readOnly} onChange={(value) => change((doc) => setField(doc, uid, 'default', value), `default ${uid}`)} />
        </Setting>
      )}
      {type && Object.keys(type.config.properties ?? {}).length > 0 && (
        <section className="b-part">
          <h3>{t('builder.form.type_settings', { type: pick(type.title) })}</h3>
          <SchemaForm schema={type.config} value={(field.config ?? {}) as Config} pointer={`${pointer}/config`} widgets={WIDGETS} onChange={(key, value) => change((doc) => setConfig(doc, uid, key, value), `config ${uid} ${key}`)} />
        </section>
      )}
      <section className="b-part">
        <h3>{t('builder.form.visible_when')}</h3>
        <Setting label="" problems={at('visible_when')}>
          <ConditionBuilder value={field.visible_when} nothing={t('builder.form.visible_always')} disabled={readOnly} onChange={(tree) => change((doc) => setField(doc, uid, 'visible_when', tree), `visible ${uid}`)} />
        </Setting>
      </section>
    </WithFields>
  );
}

interface OnOff {
  disabled: boolean;
}

function Required({ on, set, disabled }: OnOff & { on: boolean; set(on: boolean): void }) {
  const id = useId();
  return (
    <div className="b-setting">
      <label className="b-check" htmlFor={id}>
        <input id={id} type="checkbox" checked={on} disabled={disabled} onChange={(event) => set(event.target.checked)} />
        {t('builder.form.required')}
      </label>
    </div>
  );
}

function Width({ full, set, disabled }: OnOff & { full: boolean; set(full: boolean): void }) {
  return (
    <Setting label={t('builder.form.width_of_field')}>
      <Switch label={t('builder.form.width_of_field')} value={full ? 'full' : 'half'} choices={(['half', 'full'] as const).map((value) => ({ value, title: t(`builder.form.${value}`) }))} disabled={disabled} onChange={(value) => set(value === 'full')} />
    </Setting>
  );
}
