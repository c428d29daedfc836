/** The columns that a line brings (取数列), and which of them say with whom, when and which line. */
import { useMemo } from 'react';

import { language, pick, t } from '../../core/i18n';
import { KEY } from '../../core/keys';
import { fieldType } from '../../core/library';
import { asType, retitled } from '../../core/titles';
import type { Text } from '../../core/types';
import { useDocument, useDraft, useLibrary, useOpen, useSurroundings, useVerbs } from '../context';
import type { Column } from '../grid/column';
import { Grid } from '../grid/Grid';
import { Menu } from '../parts/Menu';
import { TextBox } from '../parts/TextBox';
import { ChoicePanel } from './ChoicePanel';
import { addInput, inputFromRecord, moveInput, newInput, nudgeInput, removeInput, renameInput, retypeInput, setInput } from './edits/inputs';
import { Empty } from './Empty';
import { useRecordFields } from './records';
import { INPUT_TYPES, type Input, type Settlement } from './types';
import { WholeSettings } from './WholeSettings';
import { optionsOf, titleOf } from './words';

export function InputsPanel() {
  const inputs = useDraft((draft: Settlement) => draft.inputs);
  const columns = useInputColumns();
  const { library } = useSurroundings();
  const store = useDocument<Settlement>();
  const text = () => fieldType(library.getState(), 'text')!;
  const removeAll = (uids: readonly string[]) => (doc: Settlement) => uids.reduce(removeInput, doc);
  return (
    <section className="bs-rules">
      <WholeSettings />
      <p className="b-help">{t('builder.settlement.inputs.help')}</p>
      <Grid<Input>
        label={t('builder.settlement.tab.inputs')} group="inputs" rows={inputs} columns={columns} most={60} rowName={titleOf} addWords={t('builder.settlement.inputs.add')}
        fresh={() => newInput(store.getState().draft, text())} insert={(rows, after) => (doc: Settlement) => rows.reduce((found, row, index) => addInput(found, row, rows[index - 1]?.uid ?? after), doc)}
        remove={removeAll} move={(uid, before) => (doc) => moveInput(doc, uid, before)} nudge={(uid, by) => (doc) => nudgeInput(doc, uid, by)}
        tools={<FromRecord />} empty={<Empty words={t('builder.settlement.inputs.help')} />}
      />
    </section>
  );
}

/** A column more, looked up in a record that the line names. */
function FromRecord() {
  const { change, select } = useVerbs<Settlement>();
  const found = useRecordFields();
  const doc = useDraft((draft: Settlement) => draft);
  const items = found.map(({ by, field }) => ({
    key: `${by.key} ${field.key}`,
    title: pick(field.title) || field.key,
    note: titleOf(by),
    act: () => {
      const input = inputFromRecord(doc, by, field);
      change((now) => addInput(now, input, undefined));
      select([{ group: 'inputs', uid: input.uid }]);
    },
  }));
  return <Menu title={t('builder.settlement.inputs.from_record')} items={items} disabled={!items.length} />;
}

function useInputColumns(): Column<Input>[] {
  const types = useLibrary((library) => library.vocabulary.fields);
  const doc = useDraft((draft: Settlement) => draft);
  const published = useOpen((open) => open.versions.length > 0);
  const readOnly = useOpen((open) => open.readOnly);
  const { change } = useVerbs<Settlement>();
  const { inputs } = doc;
  return useMemo(() => {
    const known = types.filter((type) => INPUT_TYPES.some((one) => one === type.name));
    const typeTitle = (name: string) => pick(types.find((type) => type.name === name)?.title) || name;
    const called = (input: Input, title: Text) => retitled(input.title, title, asType(types.find((type) => type.name === input.type)?.title));
    const toType = (input: Input, name: string) => {
      const type = known.find((one) => one.name === name);
      return type ? (draft: Settlement) => (type.name === input.type ? draft : retypeInput(draft, input.uid, type)) : null;
    };
    return [
      {
        key: 'title', title: t('builder.title'), width: '190px', place: 'title',
        text: titleOf,
        write: (input, text) => (text.trim() ? (draft: Settlement) => setInput(draft, input.uid, 'title', called(input, { ...input.title, [language()]: text.trim().slice(0, 200) })) : null),
        panel: (input) => (
          <>
            <div className="b-label">{t('builder.title')}</div>
            <TextBox label={t('builder.title')} value={input.title} autoFocus onChange={(title) => change((draft) => setInput(draft, input.uid, 'title', called(input, title ?? {})), `title ${input.uid}`)} />
          </>
        ),
      },
      {
        key: 'type', title: t('builder.form.type'), width: '120px', place: 'type',
        text: (input) => typeTitle(input.type),
        write: (input, text) => toType(input, known.find((type) => type.name === text || Object.values(type.title).includes(text))?.name ?? ''),
        panel: (input, close) => (
          <ChoicePanel
            label={t('builder.form.type')} value={input.type} choices={known.map((type) => ({ value: type.name, title: pick(type.title), help: pick(type.help) }))}
            onChoose={(name) => {
              const edit = toType(input, name);
              if (edit) change(edit);
              close();
            }}
          />
        ),
      },
      {
        key: 'key', title: t('builder.form.key'), width: '150px', place: 'key',
        text: (input) => input.key,
        show: (input) => <code>{input.key}</code>,
        ...(published || readOnly ? {} : { write: (input: Input, text: string) => (KEY.test(text.trim()) && !inputs.some((one) => one !== input && one.key === text.trim()) ? (draft: Settlement) => renameInput(draft, input.uid, text.trim()) : null) }),
      },
      {
        key: 'required', title: t('builder.form.required'), width: '80px',
        text: (input) => t(input.required ? 'builder.form.yes' : 'builder.form.no'),
        show: (input) => <input type="checkbox" tabIndex={-1} checked={input.required ?? false} readOnly aria-label={t('builder.form.required')} />,
        write: (input, text) => (draft: Settlement) => setInput(draft, input.uid, 'required', /^(是|yes|true|1)$/i.test(text) || undefined),
        open: (input) => readOnly || change((draft) => setInput(draft, input.uid, 'required', input.required ? undefined : true)),
      },
      {
        key: 'from', title: t('builder.settlement.input.from'), width: '180px', place: 'from',
        text: (input) => (input.from ? `${titleOf(inputs.find((one) => one.key === input.from?.input)) || input.from.input} · ${input.from.field}` : ''),
        show: (input) => (input.from ? `${titleOf(inputs.find((one) => one.key === input.from?.input)) || input.from.input} · ${input.from.field}` : <span className="b-any">{t('builder.settlement.input.brought')}</span>),
        write: (input, text) => (text.trim() ? null : (draft: Settlement) => setInput(draft, input.uid, 'from', undefined)),
        panel: (input, close) => <FromPanel input={input} close={close} />,
      },
      {
        key: 'options', title: t('builder.settlement.input.values'), width: '220px', place: 'config',
        text: (input) => optionsOf(input).map((option) => pick(option.title) || option.key).join('、'),
        open: () => undefined,
      },
    ];
  }, [types, inputs, published, readOnly, change]);
}

function FromPanel({ input, close }: { input: Input; close(): void }) {
  const { change } = useVerbs<Settlement>();
  const found = useRecordFields().filter(({ by, field }) => by.key !== input.key && field.type === input.type);
  const choices = [
    { value: '', title: t('builder.settlement.input.brought'), help: t('builder.settlement.input.brought.help') },
    ...found.map(({ by, field }) => ({ value: JSON.stringify({ input: by.key, field: field.key }), title: pick(field.title) || field.key, group: titleOf(by) })),
  ];
  return (
    <ChoicePanel
      label={t('builder.settlement.input.from')} value={input.from ? JSON.stringify(input.from) : ''} choices={choices}
      onChoose={(value) => {
        change((doc) => setInput(doc, input.uid, 'from', value ? (JSON.parse(value) as Input['from']) : undefined));
        close();
      }}
    />
  );
}
