/** The visual condition builder: groups and rules, told as a sentence above. */

import { added, emptyTree, newRule } from '../../core/conditions';
import { t } from '../../core/i18n';
import { operatorsFor } from '../../core/library';
import type { Tree } from '../../core/types';
import { useSurroundings } from '../context';
import { useFields } from '../fields';
import { Group } from './Group';
import { useSentence } from './sentences';
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
        <button type="button" className="button small" disabled={disabled || !fields.length} onClick={start}>
          {t('builder.condition.add')}
        </button>
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

export { useSentence };
