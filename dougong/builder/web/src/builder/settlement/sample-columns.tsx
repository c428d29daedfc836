/** The columns of the sample lines: one an input, typed as it is, and what the line is worth by which rule. */
import { useMemo } from 'react';

import { grouped } from '../../core/decimal';
import { pick, t } from '../../core/i18n';
import { readDay, readWall } from '../../core/moments';
import type { RegionStore } from '../../core/regions';
import { useDraft, useSurroundings, useVerbs } from '../context';
import type { Column } from '../grid/column';
import { RegionPick } from '../parts/RegionPick';
import { Tip } from '../parts/Tip';
import { ChoicePanel } from './ChoicePanel';
import { setSample } from './edits/rest';
import { useKinds, usePlaces } from './kinds';
import { placeCode, readPlaces } from './places';
import { readNumeric, readValue } from './reading';
import type { Calculated } from './sampling';
import type { Input, Sample, Settlement } from './types';
import { money, optionsOf, partWords, titleOf, valueWords } from './words';

export function useSampleColumns(result: Calculated | null): Column<Sample>[] {
  const inputs = useDraft((draft: Settlement) => draft.inputs);
  const line = useDraft((draft: Settlement) => draft.line);
  const samples = useDraft((draft: Settlement) => draft.samples);
  const { regions } = useSurroundings();
  const { change } = useVerbs<Settlement>();
  const kinds = useKinds();
  const codes = useMemo(() => inputs.filter((input) => kinds(input.key) === 'region').flatMap((input) => (samples ?? []).map((sample) => codeOf(sample.values[input.key]))).filter(Boolean), [inputs, samples, kinds]);
  const places = usePlaces(codes);
  return useMemo(() => {
    const typed = inputs.map((input): Column<Sample> => {
      const { key } = input;
      const kind = kinds(key);
      const said = (sample: Sample) => {
        const value = sample.values[key];
        return value === undefined || value === null ? '' : valueWords(kind === 'region' ? codeOf(value) : input.type === 'moment' ? String(value).replace('T', ' ') : String(value), input, kind, places);
      };
      const set = (sample: Sample, value: unknown) => (doc: Settlement) => setSample(doc, sample.uid, key, value);
      return {
        key, title: titleOf(input), width: kind === 'region' ? '170px' : '120px', end: kind === 'number',
        text: said,
        show: (sample) => {
          const wrong = result?.lines.get(sample.uid)?.errors?.[key];
          const words = kind === 'number' ? grouped(said(sample)) : said(sample);
          return wrong ? <Tip words={t(wrong.code, wrong.params)}><span className="bs-wrong">{words}</span></Tip> : words;
        },
        write: (sample, text) => {
          const value = text.trim() ? readSample(text, input, kind, (name) => placeCode(name, regions.getState())) : undefined;
          return value === null ? null : set(sample, value);
        },
        ...(kind === 'region' ? { prepare: (texts: readonly string[]) => readPlaces(texts, regions as RegionStore) } : {}),
        ...panelFor(input, kind, (sample, value) => change(set(sample, value))),
      };
    });
    const amount: Column<Sample> = {
      key: '=amount', title: t('builder.settlement.sample.amount'), width: '140px', end: true,
      text: (sample) => result?.lines.get(sample.uid)?.amount ?? '',
      show: (sample) => <Amount answer={result?.lines.get(sample.uid)} rules={line?.rules ?? []} />,
    };
    return [...typed, ...(line ? [amount] : [])];
  }, [inputs, line, result, places, kinds, regions, change]);
}

function panelFor(input: Input, kind: string, set: (sample: Sample, value: unknown) => void): Partial<Column<Sample>> {
  if (kind === 'choice') {
    return {
      panel: (sample, close) => (
        <ChoicePanel
          label={titleOf(input)} value={String(sample.values[input.key] ?? '')} choices={[...optionsOf(input).map((one) => ({ value: one.key, title: pick(one.title) || one.key })), { value: '', title: t('builder.none') }]}
          onChoose={(value) => {
            set(sample, value || undefined);
            close();
          }}
        />
      ),
    };
  }
  if (kind === 'region') return { panel: (sample) => <RegionPick label={titleOf(input)} values={[codeOf(sample.values[input.key])].filter(Boolean)} onChange={(values) => set(sample, values.at(-1))} /> };
  return {};
}

/** As the server reads a line that was imported. Null: not understood. */
function readSample(text: string, input: Input, kind: string, place: (name: string) => string | null): unknown {
  if (kind === 'number') return readNumeric(text);
  if (kind === 'date') return input.type === 'moment' ? (readWall(text)?.replace(' ', 'T') ?? null) : readDay(text);
  const found = readValue(text, input, kind, place);
  return kind === 'boolean' && found !== null ? found === 'true' : found;
}

function codeOf(value: unknown): string {
  if (typeof value === 'object' && value !== null) return String((value as { region?: string }).region ?? '');
  return value === undefined || value === null ? '' : String(value);
}

type Rules = readonly { uid: string; title?: Parameters<typeof pick>[0] }[];

function Amount({ answer, rules }: { answer: ReturnType<Calculated['lines']['get']>; rules: Rules }) {
  if (!answer) return null;
  if (answer.error) return <Tip words={t(answer.error.code, answer.error.params)}><span className="bs-wrong" tabIndex={0}>{t('builder.settlement.sample.no_amount')}</span></Tip>;
  if (answer.amount === null || answer.amount === undefined) return null;
  const index = rules.findIndex((rule) => rule.uid === answer.rule);
  const words = (
    <>
      <p><strong>{pick(rules[index]?.title) || t('builder.settlement.rule.number', { number: index + 1 })}</strong></p>
      {answer.parts?.map(([code, params, amount], at) => <p key={at}>{partWords(code, params)} = {money(amount)}</p>)}
    </>
  );
  return <Tip words={words}><span tabIndex={0}>{money(answer.amount, answer.currency)}</span></Tip>;
}
