/** One group of a condition: all or any of its rules, or the contrary of that. */
import { Plus, Trash2 } from 'lucide-react';

import { added, changeAt, emptyTree, newRule, removed, type RulePath } from '../../core/conditions';
import { t } from '../../core/i18n';
import { operatorsFor } from '../../core/library';
import { isTree, MAX_DEPTH } from '../../core/trees';
import type { Rule, Tree } from '../../core/types';
import { useSurroundings } from '../context';
import { useFields } from '../fields';
import { RuleRow } from './RuleRow';

interface Props {
  root: Tree;
  tree: Tree;
  path: RulePath;
  onChange(root: Tree | undefined): void;
  disabled?: boolean | undefined;
}

const MOST_RULES = 50;

export function Group({ root, tree, path, onChange, disabled }: Props) {
  const fields = useFields();
  const { library } = useSurroundings();
  const change = (part: Partial<Tree>) => onChange(changeAt(root, path, (found) => ({ ...found, ...part })));
  const fresh = (): Rule[] => fields.slice(0, 1).map((field) => newRule(field, operatorsFor(library.getState(), field.kind)));
  const full = disabled || tree.rules.length >= MOST_RULES || !fields.length;
  return (
    <div className="b-group" role="group" aria-label={t(`builder.condition.${tree.combinator}`)}>
      <div className="b-group-head">
        <div className="b-switch" role="radiogroup" aria-label={t('builder.condition.combinator')}>
          {(['and', 'or'] as const).map((one) => (
            <button
              key={one}
              type="button"
              role="radio"
              aria-checked={tree.combinator === one}
              disabled={disabled}
              onClick={() => change({ combinator: one })}
            >
              {t(`builder.condition.${one}`)}
            </button>
          ))}
        </div>
        <label className="b-check small">
          <input type="checkbox" checked={tree.not ?? false} disabled={disabled} onChange={(event) => change({ not: event.target.checked })} />
          {t('builder.condition.not')}
        </label>
        <div className="b-fill" />
        <button
          type="button"
          className="button quiet small icon-only"
          aria-label={t('builder.condition.remove_group')}
          disabled={disabled}
          onClick={() => onChange(path.length ? removed(root, path) : undefined)}
        >
          <Trash2 size={14} aria-hidden />
        </button>
      </div>
      {tree.rules.map((rule, index) => {
        const shared = { root, path: [...path, index], onChange, disabled };
        return isTree(rule) ? <Group key={rule.uid ?? index} tree={rule} {...shared} /> : <RuleRow key={rule.uid ?? index} rule={rule} {...shared} />;
      })}
      <div className="b-row">
        <button
          type="button"
          className="button small"
          disabled={full}
          onClick={() => onChange(fresh().reduce((found, rule) => added(found, path, rule), root))}
        >
          <Plus size={14} aria-hidden />
          {t('builder.condition.rule')}
        </button>
        {path.length + 1 < MAX_DEPTH && (
          <button
            type="button"
            className="button quiet small"
            disabled={full}
            onClick={() => onChange(added(root, path, { ...emptyTree(), combinator: tree.combinator === 'and' ? 'or' : 'and', rules: fresh() }))}
          >
            <Plus size={14} aria-hidden />
            {t('builder.condition.group')}
          </button>
        )}
      </div>
    </div>
  );
}
