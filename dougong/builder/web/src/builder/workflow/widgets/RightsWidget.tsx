/** What a step may do with each field: hidden, read, write, required; a row for all other fields, and buttons for a whole column. */
import { RotateCcw } from 'lucide-react';

import { fieldsOfForm, type FieldInfo } from '../../../core/fields';
import { pick, t } from '../../../core/i18n';
import { documentOf, fieldType } from '../../../core/library';
import type { FormDoc, WorkflowDoc } from '../../../core/types';
import { useDraft, useLibrary } from '../../context';
import type { WidgetProps } from '../../config/widget';

const RIGHTS = ['hidden', 'read', 'write', 'required'] as const;
type Right = (typeof RIGHTS)[number];
type Rights = Record<string, Right>;

/** The key of all other fields. */
const REST = '*';

export function RightsWidget({ id, label, value, onChange, all, pointer, disabled }: WidgetProps) {
  const rights = (value ?? {}) as Rights;
  const own = all['form'] as string | undefined;
  const ticketForm = useDraft((draft: WorkflowDoc) => draft.form);
  const isStart = useDraft((draft: WorkflowDoc) => draft.nodes[Number(pointer.split('/')[2])]?.type === 'start');
  const library = useLibrary((found) => found);
  const fields = fieldsOfForm(documentOf<FormDoc>(library, 'form', own ?? ticketForm)?.draft, library);
  // Nothing said: whoever files the ticket, or has a form of his own to fill, writes; others read.
  const usual: Right = isStart || (own !== undefined && own !== ticketForm) ? 'write' : 'read';
  const rest = rights[REST] ?? usual;
  const set = (key: string, right: Right | undefined) => {
    const { [key]: _, ...others } = rights;
    const next = right ? { ...others, [key]: right } : others;
    onChange(Object.keys(next).length ? next : undefined);
  };
  if (!fields.length) return <p className="b-help">{t('builder.rights.no_form')}</p>;
  return (
    <table className="b-rights" id={id} aria-label={label}>
      <thead>
        <tr>
          <th scope="col">{t('builder.condition.field')}</th>
          {RIGHTS.map((right) => (
            <th key={right} scope="col">
              <button
                type="button"
                className="b-link"
                disabled={disabled}
                title={t('builder.rights.all', { right: t(`builder.right.${right}`) })}
                onClick={() => onChange({ [REST]: right })}
              >
                {t(`builder.right.${right}`)}
              </button>
            </th>
          ))}
          <th aria-hidden />
        </tr>
      </thead>
      <tbody>
        <Row
          name={`${id}-rest`}
          title={t('builder.rights.rest')}
          right={rest}
          given={REST in rights}
          choose={(right) => set(REST, right)}
          reset={() => set(REST, undefined)}
          disabled={disabled}
          strong
        />
        {fields.map((field) => (
          <Row
            key={field.key}
            name={`${id}-${field.key}`}
            title={pick(field.title) || field.key}
            given={field.key in rights}
            disabled={disabled}
            only={canRead(field, library)}
            right={shownRight(rights[field.key] ?? rest, canRead(field, library))}
            choose={(right) => set(field.key, right)}
            reset={() => set(field.key, undefined)}
          />
        ))}
      </tbody>
    </table>
  );
}

/** Nobody types what is computed: it can only be read. */
function canRead(field: FieldInfo, library: Parameters<typeof fieldType>[0]): boolean {
  return fieldType(library, field.type)?.computed ?? false;
}

function shownRight(right: Right, onlyRead: boolean): Right {
  return onlyRead && (right === 'write' || right === 'required') ? 'read' : right;
}

interface RowProps {
  name: string;
  title: string;
  right: Right;
  /** Said for this row, not taken over from the rest. */
  given: boolean;
  choose(right: Right): void;
  reset(): void;
  disabled: boolean;
  strong?: boolean;
  only?: boolean;
}

function Row({ name, title, right, given, choose, reset, disabled, strong, only }: RowProps) {
  return (
    <tr data-given={given} data-rest={strong}>
      <th scope="row" title={title}>
        {title}
      </th>
      {RIGHTS.map((one) => (
        <td key={one}>
          <input
            type="radio"
            name={name}
            checked={right === one}
            disabled={disabled || (only && (one === 'write' || one === 'required'))}
            aria-label={`${title}: ${t(`builder.right.${one}`)}`}
            onChange={() => choose(one)}
          />
        </td>
      ))}
      <td>
        {given && !disabled && (
          <button
            type="button"
            className="b-reset"
            aria-label={t('builder.rights.reset', { name: title })}
            title={t('builder.rights.reset', { name: title })}
            onClick={reset}
          >
            <RotateCcw size={12} aria-hidden />
          </button>
        )}
      </td>
    </tr>
  );
}
