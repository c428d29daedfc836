/** One rule in full: when it fits, what it charges, its tiers with both ends said, jumps that surprise, and the amount as a curve. */
import { useId } from 'react';

import { pick, t } from '../../core/i18n';
import type { Problem } from '../../core/types';
import { useDraft, useLibrary, useOpen, useVerbs } from '../context';
import { NumberBox } from '../parts/NumberBox';
import { Pick } from '../parts/Pick';
import { Setting } from '../parts/Setting';
import { TextBox } from '../parts/TextBox';
import { modelChoices } from './charge-columns';
import { Chart } from './Chart';
import { measureFor, setMeasure, setValue, withModel } from './edits/charges';
import { changeCharge, dimensionsOf, setTitle } from './edits/rules';
import { Jumps } from './Jumps';
import { useKinds, usePlaces, codesIn } from './kinds';
import { useMeasures } from './measures';
import { readPercent } from './reading';
import { TierGrid } from './TierGrid';
import { familyOf, inputOf, type Charge, type Measure, type PriceRule, type Settlement, type TableName } from './types';
import { cellWords, measureWords, titleOf } from './words';

interface Props {
  name: TableName;
  rule: PriceRule;
  index: number;
}

export function RuleInspector({ name, rule, index }: Props) {
  const { uid, charge } = rule;
  const models = useLibrary((library) => library.vocabulary.models);
  const inputs = useDraft((draft: Settlement) => draft.inputs);
  const readOnly = useOpen((open) => open.readOnly);
  const problems = useOpen((open) => open.problems).filter((problem) => problem.fields.includes(uid));
  const measures = useMeasures(name);
  const { change } = useVerbs<Settlement>();
  const id = useId();
  const model = models.find((one) => one.name === charge.model);
  const at = (part: string): Problem[] => problems.filter((problem) => problem.path.endsWith(`/charge/${part}`));
  const to = (edit: (charge: Charge) => Charge, key?: string) => change((doc) => changeCharge(doc, name, uid, edit), key);
  const measureChoices = measures.map((one) => ({ value: JSON.stringify(one), title: measureWords(one, inputs) }));
  return (
    <>
      <div className="b-inspector-head">
        <h2>{pick(rule.title) || t('builder.settlement.rule.number', { number: index + 1 })}</h2>
        <span className="tag">{t(`builder.settlement.tab.${name}`)}</span>
      </div>
      <Setting label={t('builder.settlement.rule.title')}>
        <TextBox label={t('builder.settlement.rule.title')} value={rule.title} optional disabled={readOnly} onChange={(title) => change((doc) => setTitle(doc, name, uid, title), `title ${uid}`)} />
      </Setting>
      <Fits name={name} rule={rule} />
      <Setting label={t('builder.settlement.model')} htmlFor={`${id}-model`} help={pick(model?.help)} problems={at('model')}>
        <ModelPick id={`${id}-model`} value={charge.model} disabled={readOnly} choose={(wanted) => {
          const found = models.find((one) => one.name === wanted);
          if (found) change((doc) => changeCharge(doc, name, uid, (now) => withModel(now, found, measureFor(doc))));
        }} />
      </Setting>
      {model?.measured && (
        <Setting label={t('builder.settlement.measure')} htmlFor={`${id}-measure`} problems={at('measure')}>
          <Pick id={`${id}-measure`} value={charge.measure && JSON.stringify(charge.measure)} choices={measureChoices} disabled={readOnly} onChange={(one) => to((now) => setMeasure(now, 'measure', JSON.parse(one) as Measure))} />
        </Setting>
      )}
      {model && familyOf(model) === 'whole' && (
        <Setting label={t('builder.settlement.qualifier')} htmlFor={`${id}-qualifier`} help={t('builder.settlement.qualifier.help')} problems={at('qualifier')}>
          <Pick id={`${id}-qualifier`} value={charge.qualifier && JSON.stringify(charge.qualifier)} choices={measureChoices} empty={t('builder.settlement.qualifier.same')} disabled={readOnly} onChange={(one) => to((now) => setMeasure(now, 'qualifier', one ? (JSON.parse(one) as Measure) : undefined))} />
        </Setting>
      )}
      {(['amount', 'rate', 'percent'] as const).filter((value) => model?.asks.includes(value)).map((value) => (
        <Setting key={value} label={t(`builder.settlement.value.${value}`)} htmlFor={`${id}-${value}`} required problems={at(value)}>
          <NumberBox id={`${id}-${value}`} value={charge[value]} disabled={readOnly} onChange={(text) => (value !== 'percent' || text === undefined || readPercent(text) !== null) && to((now) => setValue(now, value, text), `${value} ${uid}`)} />
        </Setting>
      ))}
      {model?.asks.includes('tiers') && charge.tiers && (
        <section className="b-part">
          <h3>{t('builder.settlement.tiers')}</h3>
          <TierGrid name={name} rule={rule} value={model.tier_asks.includes('percent') ? 'percent' : 'rate'} />
          {familyOf(model) === 'whole' && <Jumps charge={charge} value={model.tier_asks.includes('percent') ? 'percent' : 'rate'} />}
          <Chart charge={charge} whole={familyOf(model) === 'whole'} value={model.tier_asks.includes('percent') ? 'percent' : 'rate'} measure={measureWords(charge.measure, inputs)} />
        </section>
      )}
    </>
  );
}

function ModelPick({ id, value, disabled, choose }: { id: string; value: string; disabled: boolean; choose(name: string): void }) {
  const models = useLibrary((library) => library.vocabulary.models);
  const choices = modelChoices(models);
  const groups = [...new Set(choices.map((one) => one.group))];
  return (
    <select id={id} className="input" value={value} disabled={disabled} onChange={(event) => choose(event.target.value)}>
      {groups.map((group) => <optgroup key={group} label={group}>{choices.filter((one) => one.group === group).map((one) => <option key={one.value} value={one.value}>{one.title}</option>)}</optgroup>)}
    </select>
  );
}

/** The dimensions of the rule as a sentence. */
function Fits({ name, rule }: { name: TableName; rule: PriceRule }) {
  const draft = useDraft((found: Settlement) => found);
  const kinds = useKinds();
  const places = usePlaces(codesIn(draft, name));
  const parts = dimensionsOf(draft, name).flatMap((dimension) => {
    const cell = rule.when[dimension.uid];
    const input = inputOf(draft, dimension.input);
    return cell ? [`${titleOf(input)} ${cellWords(cell, input, kinds(dimension.input), places)}`] : [];
  });
  return <p className="bs-fits">{parts.length ? t('builder.settlement.rule.fits', { when: parts.join(t('builder.settlement.rule.and')) }) : t('builder.settlement.rule.always')}</p>;
}
