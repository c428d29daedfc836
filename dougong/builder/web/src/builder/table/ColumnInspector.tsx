/** The settings of one column: what it is called, of which type it is, and what its type asks. */
import { ArrowLeft } from 'lucide-react';
import { useId, useState } from 'react';

import { pick, t } from '../../core/i18n';
import { KEY } from '../../core/keys';
import { problemsAt } from '../../core/pointer';
import { asType, retitled } from '../../core/titles';
import type { Field } from '../../core/types';
import { SchemaForm } from '../config/SchemaForm';
import type { WidgetProps } from '../config/widget';
import { useDraft, useOpen, useVerbs } from '../context';
import { OptionRows } from '../options/OptionRows';
import { Icon } from '../parts/Icon';
import { Pick } from '../parts/Pick';
import { Setting } from '../parts/Setting';
import { TextBox } from '../parts/TextBox';
import { useTaking } from '../removal';
import { removeColumn, renameColumn, renameOption, retypeColumn, setColumn, setColumnConfig } from './edits';
import { useColumnTypes } from './names';
import type { Side, Table } from './types';

const WITHOUT = ['placeholder', 'style', 'detail', 'fill', 'public'];

interface Props {
  side: Side;
  column: Field;
  pointer: string;
}

export function ColumnInspector({ side, column, pointer }: Props) {
  const id = useId();
  const types = useColumnTypes(side);
  const type = types.find((one) => one.name === column.type);
  const readOnly = useOpen((open) => open.readOnly);
  const problems = useOpen((open) => open.problems);
  const alone = useDraft((draft: Table) => draft[side].length < 2);
  const { change, select } = useVerbs<Table>();
  const take = useTaking();
  const retype = (name: string) => {
    const next = types.find((one) => one.name === name);
    if (next) change((doc) => retypeColumn(doc, column.uid, next));
  };
  return (
    <>
      <button type="button" className="button quiet small" onClick={() => select([])}><ArrowLeft size={14} aria-hidden />{t('builder.table.back')}</button>
      <div className="b-inspector-head">
        <Icon name={type?.icon ?? 'square'} size={17} />
        <h2>{pick(column.title) || column.key}</h2>
        <span className="tag">{t(`builder.table.${side}`)}</span>
      </div>
      <Setting label={t('builder.title')} required>
        <TextBox label={t('builder.title')} value={column.title} disabled={readOnly} onChange={(title) => change((doc) => setColumn(doc, column.uid, 'title', retitled(column.title, title ?? {}, asType(type?.title))), `title ${column.uid}`)} />
      </Setting>
      <Setting label={t('builder.form.type')} htmlFor={id} help={t('builder.table.retype')} problems={problemsAt(problems, `${pointer}/type`)}>
        <Pick id={id} value={column.type} choices={types.map((one) => ({ value: one.name, title: pick(one.title) }))} onChange={retype} disabled={readOnly} />
      </Setting>
      <ColumnKey side={side} column={column} pointer={pointer} />
      {side === 'inputs' && (
        <Setting label="" help={t('builder.table.required')}>
          <label className="b-check">
            <input type="checkbox" checked={column.required ?? false} disabled={readOnly} onChange={(event) => change((doc) => setColumn(doc, column.uid, 'required', event.target.checked || undefined))} />
            {t('builder.form.required')}
          </label>
        </Setting>
      )}
      {type?.config && <SchemaForm schema={type.config} value={column.config ?? {}} pointer={`${pointer}/config`} widgets={WIDGETS} without={WITHOUT} onChange={(key, value) => change((doc) => setColumnConfig(doc, column.uid, key, value), `config ${column.uid} ${key}`)} />}
      {!readOnly && !alone && <button className="button small danger" onClick={() => take([{ group: side, uid: column.uid }], () => change((doc) => removeColumn(doc, column.uid)))}>{t('builder.table.column.remove')}</button>}
    </>
  );
}

/** What steps and formulas call the column; it may be changed until the table has been published once. */
function ColumnKey({ side, column, pointer }: Props) {
  const id = useId();
  const published = useOpen((open) => open.versions.length > 0);
  const readOnly = useOpen((open) => open.readOnly);
  const problems = useOpen((open) => open.problems);
  const others = useDraft((draft: Table) => draft[side].filter((one) => one.uid !== column.uid).map((one) => one.key).join(' ')).split(' ');
  const { change } = useVerbs<Table>();
  const [typed, setTyped] = useState<string>();
  const text = typed ?? column.key;
  const wrong = !KEY.test(text) || others.includes(text);
  const give = () => {
    setTyped(undefined);
    if (!wrong) change((doc) => renameColumn(doc, column.uid, text));
  };
  return (
    <Setting label={t('builder.form.key')} htmlFor={id} help={t(published ? 'builder.form.key.fixed' : 'builder.table.key')} problems={problemsAt(problems, `${pointer}/key`)}>
      <input
        id={id} className="input" value={text} disabled={readOnly || (published && !others.includes(column.key))} maxLength={40} spellCheck={false} autoComplete="off" aria-invalid={wrong || undefined}
        onChange={(event) => setTyped(event.target.value.trim())} onBlur={give} onKeyDown={(event) => event.key === 'Enter' && give()}
      />
      {wrong && typed !== undefined && <p className="b-said b-error">{t(KEY.test(text) ? 'builder.form.key.taken' : 'builder.form.key.wrong')}</p>}
    </Setting>
  );
}

const WIDGETS = { options: Options };

/** The order of the options is their priority; a new key is carried to the cells. */
function Options({ value, onChange, disabled, pointer }: WidgetProps) {
  const published = useOpen((open) => open.versions.length > 0);
  const { change } = useVerbs<Table>();
  const rename = (option: string, key: string) => change((doc) => {
    const [, side, index] = pointer.split('/');
    const column = doc[side as Side][Number(index)];
    return column ? renameOption(doc, column.uid, option, key) : doc;
  });
  return <OptionRows value={value} onChange={onChange} rename={rename} disabled={disabled} published={published} />;
}
