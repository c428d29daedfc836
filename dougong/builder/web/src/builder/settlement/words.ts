/** A settlement in words that finance people use: amounts in 万, spans with both ends said, cells, measures, charges, explanations. */
import { decimal, fixed, grouped, order, plain, rounded, ZERO } from '../../core/decimal';
import { language, listed, pick, t } from '../../core/i18n';
import type { ChargeModel, Option, Text } from '../../core/types';
import type { Cell, Charge, Input, Measure, Tier } from './types';

/** 100000 as 10万, 1234.5 as 1,234.5; in English always with commas. */
export function amountWords(text: string, tag: string = language()): string {
  const found = decimal(text);
  if (!found) return text;
  const value = decimal(plain(found)) ?? found;
  for (const [zeros, unit] of [[8, '亿'], [4, '万']] as const) {
    const large = order({ ...value, digits: value.digits < 0n ? -value.digits : value.digits }, { digits: 10n ** BigInt(zeros), places: 0 }) >= 0;
    const shifted = plain({ digits: value.digits, places: value.places + zeros });
    if (tag !== 'en' && large && (shifted.split('.')[1]?.length ?? 0) <= 2) return `${grouped(shifted)}${unit}`;
  }
  return grouped(plain(value));
}

/** [low, high): 10万(含)以上至50万(不含); the other way round where a tier goes up to its bound. */
export function spanWords(low: string | undefined, high: string | null | undefined, said: (text: string) => string = amountWords, upto = false): string {
  const [from, below] = upto ? ['above', 'upto'] : ['from', 'below'];
  const there: [string, string][] = [];
  if (low !== undefined && !(decimal(low) && order(decimal(low) ?? ZERO, ZERO) === 0)) there.push([from!, said(low)]);
  if (high !== undefined && high !== null) there.push([below!, said(high)]);
  return t(`settlement.span.${there.map(([name]) => name).join('_') || 'all'}`, Object.fromEntries(there));
}

/** 2026-10-01 起至 2026-11-01 前; empty where there are no bounds. */
export function daysWords({ from, below }: { from?: string; below?: string }): string {
  const there = Object.entries({ from, below }).filter(([, day]) => day);
  return there.length ? t(`settlement.days.${there.map(([name]) => name).join('_')}`, { from, below }) : '';
}

export interface TierSpan {
  tier: Tier;
  from: string;
  below: string | null;
}

/** The tiers with their lower bounds: each begins where the one before ends. */
export function spansOf(charge: Charge): TierSpan[] {
  let from = '0';
  return (charge.tiers ?? []).map((tier) => {
    const span = { tier, from, below: tier.below ?? null };
    from = tier.below ?? from;
    return span;
  });
}

/** What places are called, by their codes; undefined until it has been read. */
export type Places = (code: string) => string | undefined;

export function valueWords(value: string, input: Input | undefined, kind: string, places: Places): string {
  const option = optionsOf(input).find((one) => one.key === value);
  if (option) return pick(option.title) || option.key;
  if (kind === 'region') return places(value) ?? value;
  if (kind === 'boolean') return t(value === 'true' ? 'builder.form.yes' : 'builder.form.no');
  return value;
}

/** The empty text where anything goes. */
export function cellWords(cell: Cell | undefined, input: Input | undefined, kind: string, places: Places): string {
  if (!cell) return '';
  if ('in' in cell) return listed(cell.in.map((one) => valueWords(one, input, kind, places)));
  if ('not_in' in cell) return t('builder.settlement.cell.not', { values: listed(cell.not_in.map((one) => valueWords(one, input, kind, places))) });
  return kind === 'date' ? daysWords(cell) : spanWords(cell.from, cell.below);
}

export function optionsOf(input: Input | undefined): Option[] {
  const found = input?.config?.['options'];
  return Array.isArray(found) ? found : [];
}

export function measureWords(measure: Measure | undefined, inputs: readonly Input[]): string {
  if (!measure) return '';
  if ('count' in measure) return t('builder.settlement.measure.count');
  if ('lines' in measure) return t('builder.settlement.measure.lines');
  if ('formula' in measure) return measure.formula ? `= ${measure.formula}` : t('builder.settlement.measure.formula');
  const [how, key] = 'sum' in measure ? ['sum', measure.sum] : ['max', measure.max];
  const input = inputs.find((one) => one.key === key);
  return t(`builder.settlement.measure.${how}`, { input: input ? pick(input.title) || input.key : t('builder.gone', { name: key }) });
}

/** The tiers of a charge in one line: 10万(不含)以下 1%；10万(含)以上 2%. */
export function tiersWords(charge: Charge): string {
  return spansOf(charge).map(({ tier, from, below }) => `${spanWords(from, below, boundWords(charge.model), charge.bounds === 'upto')} ${tierValueWords(tier)}`).join(language() === 'en' ? '; ' : '；');
}

export function tierValueWords({ percent, rate, amount, size }: Tier): string {
  const price = percent !== undefined ? `${percent}%` : rate !== undefined ? `${grouped(rate)}${size === undefined ? '' : ` / ${grouped(size)}`}` : '';
  return [price, amount !== undefined ? grouped(amount) : ''].filter(Boolean).join(' + ') || '—';
}

/** What of a charge stands in a cell: its number, with what it is. */
export function modelTitle(models: readonly ChargeModel[], name: string): string {
  const model = models.find((one) => one.name === name);
  return model ? pick(model.title) : t('builder.gone', { name });
}

const bound = (value: unknown): string | undefined => (typeof value === 'string' && value !== '∞' ? value : undefined);

type Params = Record<string, unknown>;

const UNIT: Record<string, string> = { achievement: 'percent', achievement_slices: 'percent', interpolated: 'percent', payment_delay: 'days' };

/** A bound of a tier with what it is in: 80% of a target, 30 days. */
export const boundWords = (model: string, said = amountWords) => (text: string) => (UNIT[model] ? t(`settlement.span.${UNIT[model]}`, { n: said(text) }) : said(text));

/** One addend of an explanation as a sentence, its figures as people write them. */
export function partWords(code: string, params: Params, places: Places = () => undefined): string {
  const { group, rounding, ...rest } = params;
  const said = Object.entries(rest).map(([name, value]) => [name, typeof value === 'string' && name !== 'period' && decimal(value) ? grouped(value) : value]);
  const upto = 'above' in params;
  const model = code.replace('settle.part.', '').replace('_slice', '_slices');
  const span = spanWords(bound(params[upto ? 'above' : 'from']), bound(params[upto ? 'upto' : 'below']), boundWords(model), upto);
  const [how, figures] = (rounding ?? ['', {}]) as [string, Params];
  return t(code, { ...Object.fromEntries(said), span, rounding: how && t(how, figures), ...groupWords(group, params['period'], places) });
}

/** The codes of the places that an addend names. */
export function placesIn({ group }: Params): string[] {
  return Array.isArray(group) ? (group as { region?: string }[]).flatMap(({ region }) => region ?? []) : [];
}

/** Over which group a window is, behind its days. */
function groupWords(group: unknown, period: unknown, places: Places): { period?: string } {
  if (!Array.isArray(group)) return {};
  const told = (group as { title: Text; value?: Text | string; region?: string }[]).map(({ title, value, region }) => `${pick(title)} ${region ? places(region) ?? region : typeof value === 'string' ? value : pick(value)}`);
  return { period: [period, ...(told.length ? told : [t('settlement.window.everybody')])].filter(Boolean).join(' · ') };
}

/** 1,234.50 CNY. With as many places as `like` has, where it has fewer. */
export function money(amount: string, currency = '', like = ''): string {
  const found = decimal(amount);
  const places = like.split('.')[1]?.length ?? 0;
  const text = found && found.places < places ? fixed(rounded(found, places)) : amount;
  return `${grouped(text)}${currency && ` ${currency}`}`;
}

export function titleOf(part: { title?: Text; key?: string } | undefined): string {
  return pick(part?.title) || part?.key || '';
}
