/** The settings of the workflow itself: its form, how its tickets are called and numbered, what lists show of them. */
import { pick, t } from '../../core/i18n';
import { problemsAt } from '../../core/pointer';
import type { Numbering, WorkflowDoc } from '../../core/types';
import { DocumentWidget } from '../config/DocumentWidget';
import { ConditionBuilder } from '../conditions/ConditionBuilder';
import { TemplateWidget } from '../config/TemplateWidget';
import { useDraft, useOpen, useVerbs } from '../context';
import { fieldChoices, useFields } from '../fields';
import { MultiPick } from '../parts/MultiPick';
import { NumberBox } from '../parts/NumberBox';
import { Pick } from '../parts/Pick';
import { Setting } from '../parts/Setting';
import { TextBox } from '../parts/TextBox';
import { MatrixButton } from './MatrixButton';
import { ClockSetting } from './ClockSetting';
import { withProperty } from './edits';
import { FirstSteps } from './FirstSteps';
import { Readers } from './Readers';
import { RevocationSetting } from './RevocationSetting';

const MOST_SUMMARY = 5;
const NOT_PASSED = ['start', 'revoke', 'end', 'terminate'];
const RECALLS = ['first', 'any', 'never'] as const;
const PLAIN: Numbering = { prefix: '', date: 'yyyyMMdd', digits: 4, reset: 'day' };

export function FlowInspector() {
  const draft = useDraft((found: WorkflowDoc) => found);
  const { change } = useVerbs<WorkflowDoc>();
  const fields = useFields();
  const problems = useOpen((open) => open.problems);
  const disabled = useOpen((open) => open.readOnly);
  const set = <K extends keyof WorkflowDoc>(key: K, value: WorkflowDoc[K] | undefined) => change((doc) => withProperty(doc, key, value), String(key));
  const title = t('builder.flow.ticket_title');
  return (
    <>
      <header className="b-inspector-head">
        <div>
          <h2>{t('builder.flow')}</h2>
          <p className="b-help">{t('builder.flow.help', { nodes: draft.nodes.length, edges: draft.edges.length })}</p>
        </div>
      </header>
      <FirstSteps />
      <Setting
        label={t('builder.flow.form')}
        htmlFor="b-flow-form"
        help={t('builder.flow.form.help')}
        required
        problems={problemsAt(problems, '/form')}
      >
        <DocumentWidget id="b-flow-form" kind="form" value={draft.form} onChange={(form) => set('form', form)} disabled={disabled} />
        {draft.form && <MatrixButton />}
      </Setting>
      <Setting label={title} help={t('builder.flow.ticket_title.help')} problems={problemsAt(problems, '/ticket_title')}>
        <TemplateWidget
          id="b-flow-title"
          label={title}
          schema={{}}
          all={{}}
          pointer="/ticket_title"
          value={draft.ticket_title}
          onChange={(next) => set('ticket_title', next as WorkflowDoc['ticket_title'])}
          disabled={disabled}
        />
      </Setting>
      <Setting
        label={t('builder.flow.summary')}
        help={t('builder.flow.summary.help', { count: MOST_SUMMARY })}
        problems={problemsAt(problems, '/summary_fields')}
      >
        <MultiPick
          label={t('builder.flow.summary')}
          values={draft.summary_fields ?? []}
          limit={MOST_SUMMARY}
          disabled={disabled}
          choices={fieldChoices(fields)}
          onChange={(keys) => set('summary_fields', keys.length ? keys : undefined)}
        />
      </Setting>
      <Setting label={t('builder.flow.readers')} help={t('builder.flow.readers.help')}>
        <Readers value={draft.readers ?? []} onChange={(readers) => set('readers', readers)} disabled={disabled} />
      </Setting>
      <Setting label={t('builder.flow.recall')} htmlFor="b-flow-recall" help={t('builder.flow.recall.help')} problems={problemsAt(problems, '/recall')}>
        <Pick
          id="b-flow-recall"
          value={draft.recall}
          choices={RECALLS.map((one) => ({ value: one, title: t(`builder.flow.recall.${one}`) }))}
          empty={t('builder.as_usual.is', { value: t('builder.flow.recall.first') })}
          onChange={(one) => set('recall', (one || undefined) as WorkflowDoc['recall'])}
          disabled={disabled}
        />
      </Setting>
      {draft.recall !== 'never' && (
        <Setting label={t('builder.flow.no_recall_after')} help={t('builder.flow.no_recall_after.help')} problems={problemsAt(problems, '/no_recall_after')}>
          <MultiPick
            label={t('builder.flow.no_recall_after')}
            values={draft.no_recall_after ?? []}
            limit={20}
            disabled={disabled}
            choices={draft.nodes.filter((node) => !NOT_PASSED.includes(node.type)).map((node) => ({ value: node.uid, title: pick(node.title) }))}
            onChange={(uids) => set('no_recall_after', uids.length ? uids : undefined)}
          />
        </Setting>
      )}
      <Setting label={t('builder.flow.urging')} help={t('builder.flow.urge.help')} problems={problemsAt(problems, '/urge')}>
        <label className="b-check">
          <input type="checkbox" checked={draft.urge !== false} disabled={disabled} onChange={(event) => set('urge', event.target.checked ? undefined : false)} />
          {t('builder.flow.urge')}
        </label>
      </Setting>
      <RevocationSetting disabled={disabled} />
      <Setting label={t('builder.flow.urgent')} help={t('builder.flow.urgent.help')} problems={problemsAt(problems, '/urgent_when')}>
        <ConditionBuilder value={draft.urgent_when} onChange={(when) => set('urgent_when', when)} disabled={disabled} />
      </Setting>
      <Setting
        label={t('builder.flow.number')}
        help={draft.number && t('builder.flow.number.example', { example: example(draft.number) })}
        problems={problemsAt(problems, '/number')}
      >
        <label className="b-check">
          <input
            type="checkbox"
            checked={Boolean(draft.number)}
            disabled={disabled}
            onChange={(event) => set('number', event.target.checked ? PLAIN : undefined)}
          />
          {t('builder.flow.number.own')}
        </label>
        {draft.number && <NumberSettings value={draft.number} onChange={(number) => set('number', number)} disabled={disabled} />}
      </Setting>
      <ClockSetting value={draft.clock} onChange={(clock) => set('clock', clock)} disabled={disabled} />
      <Setting label={t('builder.description')}>
        <TextBox
          label={t('builder.description')}
          optional
          rows={2}
          value={draft.description}
          onChange={(next) => set('description', next)}
          disabled={disabled}
        />
      </Setting>
    </>
  );
}

interface NumberProps {
  value: Numbering;
  onChange(value: Numbering): void;
  disabled: boolean;
}

function NumberSettings({ value, onChange, disabled }: NumberProps) {
  const words = (group: string, keys: string[]) => keys.map((key) => ({ value: key, title: t(`builder.flow.number.${group}.${key || 'none'}`) }));
  return (
    <div className="b-number">
      <input
        className="input"
        aria-label={t('builder.flow.number.prefix')}
        placeholder={t('builder.flow.number.prefix')}
        maxLength={12}
        value={value.prefix ?? ''}
        disabled={disabled}
        onChange={(event) => onChange({ ...value, prefix: event.target.value.replace(/[^A-Za-z0-9-]/g, '') })}
      />
      <Pick
        label={t('builder.flow.number.date')}
        value={value.date ?? ''}
        choices={words('date', ['yyyyMMdd', 'yyyyMM', 'yyyy'])}
        empty={t('builder.flow.number.date.none')}
        onChange={(date) => onChange({ ...value, date: date as NonNullable<Numbering['date']> })}
        disabled={disabled}
      />
      <NumberBox
        label={t('builder.flow.number.digits')}
        value={value.digits}
        integer
        min={2}
        max={9}
        disabled={disabled}
        onChange={(digits) => digits && onChange({ ...value, digits: Number(digits) })}
      />
      <Pick
        label={t('builder.flow.number.reset')}
        value={value.reset}
        choices={words('reset', ['day', 'month', 'year', 'never'])}
        onChange={(reset) => onChange({ ...value, reset: reset as Numbering['reset'] })}
        disabled={disabled}
      />
    </div>
  );
}

/** BX202603050001 */
function example({ prefix = '', date = '', digits }: Numbering): string {
  const today = new Date();
  const two = (part: number) => String(part).padStart(2, '0');
  const day = `${today.getFullYear()}${two(today.getMonth() + 1)}${two(today.getDate())}`;
  return prefix + day.slice(0, date.length) + '1'.padStart(digits, '0');
}
