/** The deadlines of a step, one below the other: when, what happens then, who is told, how often again. */
import { Plus, Trash2 } from 'lucide-react';

import { pick, t } from '../../../core/i18n';
import { problemsAt } from '../../../core/pointer';
import type { Schema, Span, Text } from '../../../core/types';
import { newUid } from '../../../core/uid';
import { SpanBox } from '../../config/SpanBox';
import type { Until } from '../../config/spans';
import type { WidgetProps } from '../../config/widget';
import { useOpen } from '../../context';
import { NumberBox } from '../../parts/NumberBox';
import { Pick } from '../../parts/Pick';
import { Setting } from '../../parts/Setting';
import { TextBox } from '../../parts/TextBox';
import { PeopleWidget } from './PeopleWidget';
import { UntilWidget } from './UntilWidget';

interface Deadline {
  uid: string;
  when: Until;
  then: string;
  to?: unknown;
  text?: Text;
  repeat?: { every: Span; most: number };
}

const TOLD = ['remind', 'escalate'];
const ADDRESSED = ['escalate', 'reassign'];

export function DeadlinesWidget({ value, onChange, pointer, schema, disabled }: WidgetProps) {
  const list = (Array.isArray(value) ? value : []) as Deadline[];
  const set = (index: number, next: Deadline) => onChange(list.with(index, next));
  const remove = (index: number) => onChange(list.length > 1 ? list.toSpliced(index, 1) : undefined);
  const add = () => onChange([...list, { uid: newUid(), when: { after: { amount: list.length ? 4 : 2, unit: 'hours', time: 'working' } }, then: 'remind' }]);
  return (
    <div className="b-stack">
      {list.map((one, index) => (
        <One key={one.uid} one={one} index={index} schema={schema.items ?? {}} pointer={`${pointer}/${index}`} disabled={disabled} onChange={(next) => set(index, next)} remove={() => remove(index)} />
      ))}
      <button type="button" className="button small b-start" disabled={disabled || list.length >= (schema.maxItems ?? 10)} onClick={add}>
        <Plus size={14} aria-hidden />
        {t('builder.deadline.add')}
      </button>
    </div>
  );
}

DeadlinesWidget.saysInner = true;

interface OneProps {
  one: Deadline;
  index: number;
  schema: Schema;
  pointer: string;
  disabled: boolean;
  onChange(next: Deadline): void;
  remove(): void;
}

function One({ one, index, schema, pointer, disabled, onChange, remove }: OneProps) {
  const problems = useOpen((open) => open.problems);
  const name = t('builder.deadline', { number: index + 1 });
  const then = schema.properties?.['then'] ?? {};
  const choices = (then.enum ?? []).map((value) => ({ value, title: pick(then['x-options']?.[value]) || value }));
  const at = (part: string) => problemsAt(problems, `${pointer}/${part}`);
  const shared = { schema: {}, all: {}, disabled };
  const put = (part: keyof Deadline, value: unknown) => {
    const { [part]: _, ...rest } = one;
    onChange((value === undefined ? rest : { ...one, [part]: value }) as Deadline);
  };
  /** What the other outcome does not ask for goes. */
  const becomes = (next: string) => {
    const { to, text, repeat, ...rest } = one;
    onChange({
      ...rest, then: next,
      ...(ADDRESSED.includes(next) && to ? { to } : {}), ...(TOLD.includes(next) && text ? { text } : {}), ...(TOLD.includes(next) && repeat ? { repeat } : {}),
    });
  };
  return (
    <div className="b-assignment" role="group" aria-label={name}>
      <div className="b-row">
        <strong className="small">{name}</strong>
        <div className="b-fill" />
        <button type="button" className="button quiet small icon-only" aria-label={t('builder.remove_one', { name })} disabled={disabled} onClick={remove}>
          <Trash2 size={14} aria-hidden />
        </button>
      </div>
      <Setting label={t('builder.deadline.when')} problems={at('when')}>
        <UntilWidget {...shared} id={`${one.uid}-when`} label={t('builder.deadline.when')} pointer={`${pointer}/when`} value={one.when} onChange={(when) => put('when', when)} />
      </Setting>
      <Setting label={t('builder.deadline.then')} htmlFor={`${one.uid}-then`} problems={at('then')}>
        <Pick id={`${one.uid}-then`} value={one.then} choices={choices} disabled={disabled} onChange={becomes} />
      </Setting>
      {ADDRESSED.includes(one.then) && (
        <Setting label={t('builder.deadline.to')} required htmlFor={`${one.uid}-to`} problems={at('to')}>
          <PeopleWidget {...shared} id={`${one.uid}-to`} label={t('builder.deadline.to')} pointer={`${pointer}/to`} value={one.to} onChange={(to) => put('to', to)} />
        </Setting>
      )}
      {TOLD.includes(one.then) && (
        <>
          <Setting label={t('builder.deadline.text')} help={t('builder.deadline.text.help')} problems={at('text')}>
            <TextBox label={t('builder.deadline.text')} value={one.text} optional disabled={disabled} onChange={(text) => put('text', text)} />
          </Setting>
          <Setting label="" problems={at('repeat')}>
            <label className="b-check">
              <input type="checkbox" checked={Boolean(one.repeat)} disabled={disabled} onChange={(event) => put('repeat', event.target.checked ? { every: { amount: 1, unit: 'hours', time: 'working' }, most: 3 } : undefined)} />
              {t('builder.deadline.repeat')}
            </label>
            {one.repeat && (
              <>
                <SpanBox label={t('builder.deadline.every')} value={one.repeat.every} disabled={disabled} onChange={(every) => put('repeat', { ...one.repeat, every })} />
                <div className="b-row small">
                  {t('builder.deadline.most')}
                  <NumberBox label={t('builder.deadline.most')} value={one.repeat.most} integer min={1} max={50} disabled={disabled} onChange={(most) => most && put('repeat', { ...one.repeat, most: Number(most) })} />
                </div>
              </>
            )}
          </Setting>
        </>
      )}
    </div>
  );
}
