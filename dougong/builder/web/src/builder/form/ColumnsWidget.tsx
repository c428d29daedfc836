/** The columns of a table: moved by grip, each with its title, type and the settings of its type. */
import { Plus, X } from 'lucide-react';
import { useId, useMemo, useState } from 'react';

import { informed, seenFromRow } from '../../core/fields';
import { pick, t } from '../../core/i18n';
import { KEY } from '../../core/keys';
import { fieldType } from '../../core/library';
import { moved, nudged } from '../../core/lists';
import { retitled } from '../../core/titles';
import { problemsAt } from '../../core/pointer';
import type { Column, Config, FormDoc, Option } from '../../core/types';
import { SchemaForm } from '../config/SchemaForm';
import type { WidgetProps } from '../config/widget';
import { useLibrary, useOpen, useVerbs } from '../context';
import { Grip } from '../drag/Grip';
import { useFields, WithFields } from '../fields';
import { OptionRows } from '../options/OptionRows';
import { Icon } from '../parts/Icon';
import { Pick } from '../parts/Pick';
import { Setting } from '../parts/Setting';
import { TextBox } from '../parts/TextBox';
import { useTaking } from '../removal';
import { addColumn, changeColumn, MOST_COLUMNS, retypeColumn, setColumnConfig } from './edits/columns';
import { renameColumn } from './edits/rename';
import { FillWidget } from './FillWidget';
import { fieldAt } from './OptionsWidget';
import { TreeWidget } from './TreeWidget';
import { alikeKinds } from './TypePick';

export function ColumnsWidget({ value, onChange, disabled, pointer }: WidgetProps) {
  const columns = Array.isArray(value) ? (value as Column[]) : [];
  const zone = `columns ${useId()}`;
  const take = useTaking();
  const [open, setOpen] = useState<string>();
  const add = () => {
    const next = addColumn(columns);
    onChange(next);
    setOpen(next.at(-1)?.uid);
  };
  return (
    <div className="b-stack">
      <ul className="b-options bf-table-columns" data-zone={zone} data-zone-id="columns">
        {columns.map((column, index) => {
          const name = pick(column.title) || column.key;
          return (
            <li key={column.uid} data-item={column.uid}>
              <Grip uid={column.uid} label={name} what={zone} disabled={disabled} drop={(fall) => onChange(moved(columns, column.uid, fall.before))} move={(direction) => onChange(nudged(columns, column.uid, direction === 'up' || direction === 'left' ? -1 : 1))} />
              <Head column={column} pointer={`${pointer}/${index}`} open={open === column.uid} toggle={() => setOpen(open === column.uid ? undefined : column.uid)} />
              <button type="button" className="button quiet small icon-only" aria-label={t('builder.remove_one', { name })} disabled={disabled || columns.length < 2} onClick={() => take([{ group: 'columns', uid: column.uid }], () => onChange(columns.filter((one) => one !== column)))}>
                <X size={13} aria-hidden />
              </button>
              {open === column.uid && <Settings column={column} columns={columns} set={onChange} pointer={pointer} index={index} disabled={disabled} />}
            </li>
          );
        })}
      </ul>
      {!disabled && <button type="button" className="button small b-start" disabled={columns.length >= MOST_COLUMNS} onClick={add}><Plus size={14} aria-hidden />{t('builder.columns.add')}</button>}
    </div>
  );
}

ColumnsWidget.saysInner = true;

interface HeadProps {
  column: Column;
  pointer: string;
  open: boolean;
  toggle(): void;
}

function Head({ column, pointer, open, toggle }: HeadProps) {
  const type = useLibrary((library) => fieldType(library, column.type));
  const wrong = useOpen(({ problems }) => problems.some((one) => one.path === pointer || one.path.startsWith(`${pointer}/`)));
  return (
    <button type="button" className="button quiet small bf-column-head" aria-expanded={open} data-wrong={wrong || undefined} onClick={toggle}>
      <Icon name={type?.icon ?? ''} size={14} />
      <span>{pick(column.title) || column.key}{column.required ? ' *' : ''}</span>
      <span className="muted small">{pick(type?.title) || column.type}</span>
    </button>
  );
}

interface SettingsProps {
  column: Column;
  columns: Column[];
  set(columns: Column[]): void;
  pointer: string;
  index: number;
  disabled: boolean;
}

function Settings({ column, columns, set, pointer, index, disabled }: SettingsProps) {
  const id = useId();
  const { uid } = column;
  const library = useLibrary((found) => found);
  const types = useLibrary(({ vocabulary }) => vocabulary.fields);
  const published = useOpen((open) => open.versions.length > 0);
  const problems = useOpen((open) => open.problems);
  const around = useFields();
  const others = useMemo(() => columns.filter((one) => one !== column).map((one) => informed(one, library)), [columns, column, library]);
  const named = useMemo(() => [...others, ...seenFromRow(around, columns)], [others, around, columns]);
  const type = types.find((one) => one.name === column.type);
  const offered = types.filter((one) => one.cell && (!published || !type || one === type || (one.computed === type.computed && alikeKinds(one, type, published))));
  const at = (name: string) => problemsAt(problems, `${pointer}/${index}/${name}`);
  const change = (part: Parameters<typeof changeColumn>[2]) => set(changeColumn(columns, uid, part));
  const retype = (name: string) => {
    const next = types.find((one) => one.name === name);
    if (next) set(retypeColumn(columns, uid, next));
  };
  return (
    <div className="bf-column">
      <Setting label={t('builder.title')} required problems={at('title')}>
        <TextBox label={t('builder.title')} value={column.title} disabled={disabled} onChange={(title) => change({ title: retitled(column.title, title ?? {}, (_, words) => /^(Column|列) \d+$/.test(words)) })} />
      </Setting>
      <Setting label={t('builder.form.type')} htmlFor={`${id}-type`} problems={at('type')}>
        <Pick id={`${id}-type`} value={column.type} choices={offered.map((one) => ({ value: one.name, title: pick(one.title) }))} onChange={retype} disabled={disabled} />
      </Setting>
      <Key column={column} taken={columns.filter((one) => one !== column).map((one) => one.key)} pointer={pointer} disabled={disabled || published} problems={at('key')} />
      {!type?.computed && <Tick label={t('builder.form.required')} on={column.required} disabled={disabled} set={(required) => change({ required })} />}
      {type?.kind === 'number' && <Tick label={t('builder.columns.total')} on={column.total} disabled={disabled} set={(total) => change({ total })} />}
      {type && (
        <WithFields value={type.computed ? named : others}>
          <SchemaForm schema={type.config} value={(column.config ?? {}) as Config} pointer={`${pointer}/${index}/config`} widgets={WIDGETS} onChange={(key, next) => set(setColumnConfig(columns, uid, key, next))} />
        </WithFields>
      )}
    </div>
  );
}

const WIDGETS = { options: Options, tree: TreeWidget, fill: FillWidget };

/** Nothing else in the form compares with the options of a column. */
function Options({ value, onChange, disabled }: WidgetProps) {
  const published = useOpen((open) => open.versions.length > 0);
  const rename = (option: string, key: string) => onChange((value as Option[]).map((one) => (one.uid === option ? { ...one, key } : one)));
  return <OptionRows value={value} onChange={onChange} rename={rename} disabled={disabled} published={published} />;
}

function Key({ column, taken, pointer, disabled, problems }: { column: Column; taken: string[]; pointer: string; disabled: boolean; problems: ReturnType<typeof problemsAt> }) {
  const id = useId();
  const { change } = useVerbs<FormDoc>();
  const [typed, setTyped] = useState<string>();
  const text = typed ?? column.key;
  const wrong = !KEY.test(text) || text === 'id' || taken.includes(text);
  const give = () => {
    setTyped(undefined);
    if (!wrong) change((doc) => renameColumn(doc, fieldAt(doc, pointer) ?? '', column.uid, text));
  };
  return (
    <Setting label={t('builder.form.key')} htmlFor={id} problems={problems}>
      <input id={id} className="input bf-key" value={text} disabled={disabled} maxLength={40} spellCheck={false} autoComplete="off" aria-invalid={wrong || undefined} onChange={(event) => setTyped(event.target.value.trim())} onBlur={give} onKeyDown={(event) => event.key === 'Enter' && give()} />
    </Setting>
  );
}

function Tick({ label, on, set, disabled }: { label: string; on: boolean | undefined; set(on: true | undefined): void; disabled: boolean }) {
  return (
    <div className="b-setting">
      <label className="b-check">
        <input type="checkbox" checked={on ?? false} disabled={disabled} onChange={(event) => set(event.target.checked || undefined)} />
        {label}
      </label>
    </div>
  );
}
