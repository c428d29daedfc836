/** What a rule charges, column by column: its model, what is measured, its figures, its tiers. */
import { useMemo } from 'react';

import { grouped } from '../../core/decimal';
import { pick, t } from '../../core/i18n';
import type { ChargeModel } from '../../core/types';
import { useDraft, useLibrary, useVerbs } from '../context';
import type { Column } from '../grid/column';
import { ChoicePanel } from './ChoicePanel';
import { measureFor, setMeasure, setValue, withModel } from './edits/charges';
import { changeCharge } from './edits/rules';
import { useMeasures } from './measures';
import { readMeasure, readModel, readNumeric, readPercent } from './reading';
import { familyOf, FIGURES, type Measure, type PriceRule, type Settlement, type TableName, type Value } from './types';
import { measureWords, modelTitle, tiersWords } from './words';

export function useChargeColumns(name: TableName): Column<PriceRule>[] {
  const models = useLibrary((library) => library.vocabulary.models);
  const inputs = useDraft((draft: Settlement) => draft.inputs);
  const used = useDraft((draft: Settlement) => [...new Set(draft[name]?.rules.map((rule) => rule.charge.model))].join());
  const measures = useMeasures(name);
  const { change } = useVerbs<Settlement>();
  return useMemo(() => {
    const asked = (part: string) => models.some((model) => used.split(',').includes(model.name) && (part === 'measure' ? model.measured : model.asks.includes(part)));
    const asks = (rule: PriceRule, part: string) => {
      const model = models.find((one) => one.name === rule.charge.model);
      return part === 'measure' ? (model?.measured ?? false) : (model?.asks.includes(part) ?? false);
    };
    const toModel = (rule: PriceRule, model: ChargeModel) => (doc: Settlement) => changeCharge(doc, name, rule.uid, (charge) => withModel(charge, model, measureFor(doc)));
    const toMeasure = (rule: PriceRule, measure: Measure) => (doc: Settlement) => changeCharge(doc, name, rule.uid, (charge) => setMeasure(charge, 'measure', charge.measure?.over ? { ...measure, over: charge.measure.over } : measure));

    const model: Column<PriceRule> = {
      key: '=model', title: t('builder.settlement.model'), width: '180px', place: 'charge/model',
      text: (rule) => modelTitle(models, rule.charge.model),
      write: (rule, text) => {
        const found = readModel(text, models);
        return found && toModel(rule, found);
      },
      panel: (rule, close) => (
        <ChoicePanel
          label={t('builder.settlement.model')} value={rule.charge.model} choices={modelChoices(models)}
          onChoose={(wanted) => {
            const found = models.find((one) => one.name === wanted);
            if (found) change(toModel(rule, found));
            close();
          }}
        />
      ),
    };
    const measure: Column<PriceRule> = {
      key: '=measure', title: t('builder.settlement.measure'), width: '150px', place: 'charge/measure',
      absent: (rule) => !asks(rule, 'measure'),
      text: (rule) => measureWords(rule.charge.measure, inputs),
      write: (rule, text) => {
        const found = readMeasure(text, inputs, measures);
        return found && toMeasure(rule, found);
      },
      panel: (rule, close) => (
        <ChoicePanel
          label={t('builder.settlement.measure')} value={JSON.stringify(rule.charge.measure)} choices={measures.map((one) => ({ value: JSON.stringify(one), title: measureWords(one, inputs) }))}
          onChoose={(wanted) => {
            change(toMeasure(rule, JSON.parse(wanted) as Measure));
            close();
          }}
        />
      ),
    };
    const tiers: Column<PriceRule> = {
      key: '=tiers', title: t('builder.settlement.tiers'), width: '260px', place: 'charge/tiers',
      absent: (rule) => !asks(rule, 'tiers'),
      text: (rule) => tiersWords(rule.charge),
      show: (rule) => <span title={tiersWords(rule.charge)}>{tiersWords(rule.charge)}</span>,
      open: () => requestAnimationFrame(() => document.querySelector<HTMLElement>('.b-inspector .b-grid td[tabindex="0"]')?.focus()),
    };
    const figure = (value: Value): Column<PriceRule> => ({
      key: `=${value}`, title: t(`builder.settlement.value.${value}`), width: '110px', end: true, place: `charge/${value}`,
      absent: (rule) => !asks(rule, value),
      text: (rule) => rule.charge[value] ?? '',
      show: (rule) => (rule.charge[value] === undefined ? '' : value === 'percent' ? `${rule.charge.percent}%` : grouped(rule.charge[value])),
      write: (rule, text) => {
        const found = text.trim() ? (value === 'percent' ? readPercent(text) : readNumeric(text)) : undefined;
        return found === null ? null : (doc) => changeCharge(doc, name, rule.uid, (charge) => (modelAsks(models, charge.model, value) ? setValue(charge, value, found) : charge));
      },
    });
    return [
      model,
      ...(asked('measure') ? [measure] : []),
      ...FIGURES.filter(asked).map(figure),
      ...(asked('tiers') ? [tiers] : []),
    ];
  }, [name, models, inputs, used, measures, change]);
}

function modelAsks(models: readonly ChargeModel[], name: string, part: string): boolean {
  return models.find((one) => one.name === name)?.asks.includes(part) ?? false;
}

const FAMILIES = ['fixed', 'unit', 'share', 'marginal', 'whole', 'reached'];

/** In the groups that people know, in their order. */
export function modelChoices(models: readonly ChargeModel[]): { value: string; title: string; help: string; group: string }[] {
  const ranked = [...models].sort((one, other) => FAMILIES.indexOf(familyOf(one)) - FAMILIES.indexOf(familyOf(other)));
  return ranked.map((model) => ({ value: model.name, title: pick(model.title), help: pick(model.help), group: t(`builder.settlement.family.${familyOf(model)}`) }));
}
