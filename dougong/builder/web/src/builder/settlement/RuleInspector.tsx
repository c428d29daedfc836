/** One rule in full: when it fits, what it charges, its tiers with both ends said, jumps that surprise, and the amount as a curve. */
import { useId } from 'react';

import { pick, t } from '../../core/i18n';
import type { ChargeModel, Config, Problem } from '../../core/types';
import { useDraft, useLibrary, useOpen, useVerbs } from '../context';
import { NumberBox } from '../parts/NumberBox';
import { Setting } from '../parts/Setting';
import { TextBox } from '../parts/TextBox';
import { modelChoices } from './charge-columns';
import { Chart } from './Chart';
import { Described, WIDGETS } from './Described';
import { measureFor, setPart, setValue, withModel } from './edits/charges';
import { changeCharge, changeRow, dimensionsOf, setTitle } from './edits/rules';
import { Jumps } from './Jumps';
import { useKinds, usePlaces, codesIn } from './kinds';
import { MeasureBox } from './MeasureBox';
import { readPercent } from './reading';
import { TierGrid } from './TierGrid';
import { familyOf, FIGURES, inputOf, priceOf, type Charge, type PriceRule, type Settlement, type TableName } from './types';
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
  const { change } = useVerbs<Settlement>();
  const id = useId();
  const model = models.find((one) => one.name === charge.model);
  const at = (part: string): Problem[] => problems.filter((problem) => problem.path.endsWith(`/charge/${part}`));
  const to = (edit: (charge: Charge) => Charge, key?: string) => change((doc) => changeCharge(doc, name, uid, edit), key);
  const set = (key: string, value: unknown) => to((now) => setPart(now, key, value), `${key} ${uid}`);
  const pointer = `/${name}/rules/${index}/charge`;
  const price = model && priceOf(model);
  const drawn = model && charge.tiers && (price === 'percent' || price === 'rate') && ['whole', 'marginal'].includes(familyOf(model)) && !charge.tiers.some((tier) => tier.size) ? price : undefined;
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
          <MeasureBox id={`${id}-measure`} label={t('builder.settlement.measure')} schema={{}} all={charge as Config} pointer={`${pointer}/measure`} widgets={WIDGETS} value={charge.measure} disabled={readOnly} onChange={(one) => set('measure', one)} />
        </Setting>
      )}
      {FIGURES.filter((value) => model?.asks.includes(value)).map((value) => (
        <Setting key={value} label={t(`builder.settlement.value.${value}`)} htmlFor={`${id}-${value}`} required problems={at(value)}>
          <NumberBox id={`${id}-${value}`} value={charge[value]} disabled={readOnly} onChange={(text) => (value !== 'percent' || text === undefined || readPercent(text) !== null) && to((now) => setValue(now, value, text), `${value} ${uid}`)} />
        </Setting>
      ))}
      {model && <Described what="charge" value={charge} pointer={pointer} only={besides(model, name)} required={model.asks} onChange={set} />}
      {model?.asks.includes('tiers') && charge.tiers && (
        <section className="b-part">
          <h3>{t('builder.settlement.tiers')}</h3>
          <TierGrid name={name} rule={rule} model={model} />
          {drawn && familyOf(model) === 'whole' && <Jumps charge={charge} value={drawn} />}
          {drawn && isPlain(charge) && <Chart charge={charge} whole={familyOf(model) === 'whole'} value={drawn} measure={measureWords(charge.measure, inputs)} />}
        </section>
      )}
      <Described what="rule" value={rule} pointer={`/${name}/rules/${index}`} onChange={(key, value) => change((doc) => changeRow(doc, name, uid, (row) => setPart(row, key, value)), `${key} ${uid}`)} />
    </>
  );
}

/** What this model takes besides what it asks for, in this table. */
function besides(model: ChargeModel, name: TableName): string[] {
  const tiered = model.asks.includes('tiers');
  return [
    ...(model.whole || model.asks.some((one) => ['qualifier', 'threshold'].includes(one)) ? ['qualifier'] : []),
    ...(model.asks.includes('target') ? ['target'] : []),
    ...model.may.filter((one) => !model.asks.includes(one)),
    ...([...model.asks, ...model.may, ...model.tier_may].includes('size') ? ['blocks'] : []),
    ...(tiered ? ['bounds', 'zero_enters'] : []),
    ...(name === 'line' ? ['prorate', ...(model.measured ? ['marginal', 'own_limits'] : [])] : []),
  ];
}

/** Is the amount what the tiers alone say? Else a curve of them would say something else. */
function isPlain({ free, size, fixed, min, max, tiers = [] }: Charge): boolean {
  return ![free, size, fixed, min, max, ...tiers.flatMap((tier) => [tier.amount, tier.size, tier.min, tier.max])].some((one) => one !== undefined);
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
