/** What an input must be: comparisons as the condition builder has them, all of which hold. */
import { Plus, X } from 'lucide-react';
import { useMemo } from 'react';

import { withOperator } from '../../core/conditions';
import { pick, t } from '../../core/i18n';
import { operatorsFor } from '../../core/library';
import type { Field, OperatorType, Rule } from '../../core/types';
import { RuleValue } from '../conditions/RuleValue';
import { useLibrary } from '../context';
import { Pick } from '../parts/Pick';
import { MOST_ATOMS, type Atom, type Cell } from './types';

/** What is asked first of a kind of value. */
const FIRST: Record<string, string> = { number: 'at_least', date: 'between', datetime: 'after', choice: 'one_of', choices: 'includes_any', region: 'within', boolean: 'is_true' };

interface Props {
  cell: Cell | undefined;
  column: Field;
  kind: string;
  onChange(cell: Cell | undefined): void;
}

export function CellPanel({ cell = [], column, kind, onChange }: Props) {
  const library = useLibrary((found) => found);
  const operators = useMemo(() => operatorsFor(library, kind).filter((one) => !one.clock), [library, kind]);
  const fresh = (): Atom => ({ operator: operators.find((one) => one.name === FIRST[kind])?.name ?? operators[0]?.name ?? 'equals' });
  const set = (index: number, atom: Atom | null) => onChange(atom ? cell.with(index, atom) : cell.toSpliced(index, 1));
  return (
    <>
      <div className="b-label">{pick(column.title) || column.key}</div>
      {!cell.length && <p className="b-help">{t('builder.table.any.help')}</p>}
      {cell.map((atom, index) => (
        <AtomRow key={index} atom={atom} column={column} kind={kind} operators={operators} onChange={(next) => set(index, next)} />
      ))}
      {cell.length < MOST_ATOMS && (
        <button type="button" className="button small" autoFocus={!cell.length} onClick={() => onChange([...cell, fresh()])}>
          <Plus size={14} aria-hidden />
          {t(cell.length ? 'builder.table.and' : 'builder.condition.rule')}
        </button>
      )}
    </>
  );
}

interface AtomProps {
  atom: Atom;
  column: Field;
  kind: string;
  operators: readonly OperatorType[];
  onChange(atom: Atom | null): void;
}

function AtomRow({ atom, column, kind, operators, onChange }: AtomProps) {
  const rule: Rule = { ...atom, field: column.key };
  const operator = operators.find((one) => one.name === atom.operator);
  const give = ({ operator: name, value }: Rule) => onChange({ operator: name, ...(value === undefined ? {} : { value }) });
  const choose = (name: string) => {
    const next = operators.find((one) => one.name === name);
    if (next) give(withOperator(rule, next, operator));
  };
  return (
    <div className="bt-atom" role="group" aria-label={t('builder.condition.rule')}>
      <Pick label={t('builder.condition.operator')} value={atom.operator} choices={operators.map((one) => ({ value: one.name, title: pick(one.title) }))} onChange={choose} />
      <button type="button" className="button quiet small icon-only" aria-label={t('builder.condition.remove')} onClick={() => onChange(null)}>
        <X size={14} aria-hidden />
      </button>
      {operator && operator.operand !== 'none' && <RuleValue rule={rule} field={{ ...column, kind }} operator={operator} onChange={give} />}
    </div>
  );
}
