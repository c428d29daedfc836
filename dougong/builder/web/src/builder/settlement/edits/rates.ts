/** Edits of the rates of foreign currencies. */
import { newUid } from '../../../core/uid';
import type { Exchange, Rate, Settlement } from '../types';

/** Whole from the choice of the currency's column on, so that it can be kept: all amounts of the lines, and no rates yet. */
export function setExchange(doc: Settlement, value: Partial<Exchange> | undefined): Settlement {
  const { exchange: before, ...rest } = doc;
  if (!value || (before?.currency && !value.currency)) return rest as Settlement;
  const ofType = (type: string) => doc.inputs.filter((one) => one.type === type).map((one) => one.key);
  const amounts = [value.amounts ?? [], ofType('money'), ofType('number')].find((keys) => keys.length) ?? [];
  return { ...doc, exchange: { ...value, amounts, rates: value.rates ?? [] } as Exchange };
}

/** The next one is of the same day and into the same currency as the last. */
export function newRate(doc: Settlement): Rate {
  const last = doc.exchange?.rates?.at(-1);
  return { uid: newUid(), from: last?.from ?? doc.currency, to: last?.to ?? doc.currency, day: last?.day ?? new Date().toISOString().slice(0, 10), rate: '1' };
}

export function addRates(doc: Settlement, rates: readonly Rate[]): Settlement {
  return changed(doc, (now) => [...now, ...rates]);
}

export function changeRate(doc: Settlement, uid: string, part: Partial<Rate>): Settlement {
  return changed(doc, (now) => now.map((one) => (one.uid === uid ? { ...one, ...part } : one)));
}

export function removeRates(doc: Settlement, uids: readonly string[]): Settlement {
  return changed(doc, (now) => now.filter((one) => !uids.includes(one.uid)));
}

function changed(doc: Settlement, edit: (rates: Rate[]) => Rate[]): Settlement {
  return doc.exchange ? { ...doc, exchange: { ...doc.exchange, rates: edit(doc.exchange.rates ?? []) } } : doc;
}
