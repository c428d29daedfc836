/** The visual condition builder: groups and rules, told as a sentence above. */

import { added, emptyTree, fieldsIn, newRule } from '../../core/conditions';
import { t } from '../../core/i18n';
import { operatorsFor } from '../../core/library';
import { fullName } from '../../core/regions';
import { rulesOf } from '../../core/rules';
import { sentence } from '../../core/sentence';
import type { Tree } from '../../core/types';
import { useLibrary, useSurroundings } from '../context';
import { useFields } from '../fields';
import { useRegionNames } from '../parts/RegionPick';
import { Group } from './Group';
import './conditions.css';

interface Props {
  value: Tree | undefined;
  /** Undefined: nothing is asked any more. */
  onChange(value: Tree | undefined): void;
  /** What holds where nothing is asked, in words. */
  nothing?: string;
  disabled?: boolean;
}

export function ConditionBuilder({ value, onChange, nothing, disabled }: Props) {
  const fields = useFields();
  const { library } = useSurroundings();
  const words = useSentence(value);
  const start = () => {
    const first = fields[0];
    if (first) onChange(added(emptyTree(), [], newRule(first, operatorsFor(library.getState(), first.kind))));
  };
  if (!value?.rules.length) {
    return (
      <div className="b-condition">
        {nothing && <p className="b-help">{nothing}</p>}
        <button type="button" className="button small" disabled={disabled || !fields.length} onClick={start}>{t('builder.condition.add')}</button>
        {!fields.length && <p className="b-help">{t('builder.condition.no_fields')}</p>}
      </div>
    );
  }
  return (
    <div className="b-condition">
      <p className="b-sentence">{words}</p>
      <Group root={value} tree={value} path={[]} onChange={onChange} disabled={disabled} />
    </div>
  );
}

/** The sentence of a condition with the fields around, the names of places filled in when they have been read. */
export function useSentence(tree: Tree | undefined): string {
  const fields = useFields();
  const operators = useLibrary((found) => found.vocabulary.operators);
  const places = new Set(fields.filter((field) => field.kind === 'region').map((field) => field.key));
  const asksPlaces = fieldsIn(tree).some((key) => places.has(key));
  const codes = asksPlaces ? rulesOf(tree).filter((rule) => places.has(rule.field) && Array.isArray(rule.value)).flatMap((rule) => rule.value as string[]) : [];
  const names = useRegionNames(codes);
  return sentence(tree, { fields, operators, region: (code) => fullName(code, names) });
}
