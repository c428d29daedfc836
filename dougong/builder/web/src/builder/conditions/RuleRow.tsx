/** One rule of a condition: field, operator, value. */
import { X } from 'lucide-react';

import { changeAt, removed, withField, withOperator, type RulePath } from '../../core/conditions';
import { pick, t } from '../../core/i18n';
import type { FieldInfo } from '../../core/fields';
import { operatorsFor } from '../../core/library';
import type { OperatorType, Rule, Tree } from '../../core/types';
import { useLibrary, useOpen } from '../context';
import { fieldChoices, useFields } from '../fields';
import { Pick } from '../parts/Pick';
import { RuleValue } from './RuleValue';

interface Props {
  root: Tree;
  rule: Rule;
  path: RulePath;
  onChange(root: Tree | undefined): void;
  disabled?: boolean | undefined;
}

export function RuleRow({ root, rule, path, onChange, disabled }: Props) {
  const fields = useFields();
  const library = useLibrary((found) => found);
  const field = fields.find((one) => one.key === rule.field);
  const filled = useOpen((open) => ['form', 'entity'].includes(open.kind));
  const mayAsk = (one: OperatorType, of: FieldInfo) => canGive(one, of.kind) && (filled || !one.me) && (!one.tree || of.type === 'cascade');
  const operators = field ? operatorsFor(library, field.kind).filter((one) => one.name === rule.operator || mayAsk(one, field)) : [];
  const operator = operators.find((one) => one.name === rule.operator);
  const change = (next: Rule) => onChange(changeAt(root, path, () => next));

  const chooseField = (key: string) => {
    const next = fields.find((one) => one.key === key);
    if (next)
      change(
        withField(
          rule,
          field,
          next,
          operatorsFor(library, next.kind).filter((one) => mayAsk(one, next)),
        ),
      );
  };
  const chooseOperator = (name: string) => {
    const next = operators.find((one) => one.name === name);
    if (next) change(withOperator(rule, next, operator));
  };
  return (
    <div className="b-rule" role="group" aria-label={t('builder.condition.rule')}>
      <Pick label={t('builder.condition.field')} value={rule.field} choices={fieldChoices(fields)} onChange={chooseField} disabled={disabled} />
      <button
        type="button"
        className="button quiet small icon-only"
        aria-label={t('builder.condition.remove')}
        disabled={disabled}
        onClick={() => onChange(removed(root, path))}
      >
        <X size={14} aria-hidden />
      </button>
      {operators.length > 0 && (
        <Pick
          label={t('builder.condition.operator')}
          value={rule.operator}
          choices={operators.map((one) => ({ value: one.name, title: pick(one.title) }))}
          onChange={chooseOperator}
          disabled={disabled}
        />
      )}
      {field && operator && operator.operand !== 'none' && (
        <RuleValue rule={rule} field={field} operator={operator} onChange={change} disabled={disabled} />
      )}
    </div>
  );
}

/** People, units and records are never named in a definition: of them only another field can be compared with, one at a time. */
function canGive(operator: OperatorType, kind: string): boolean {
  return operator.operand !== 'many' || !['person', 'unit', 'record'].includes(kind);
}
