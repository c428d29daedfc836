/** Edits of the rates of foreign currencies. */
import { newUid } from '../../../core/uid';
import type { Rate, Settlement } from '../types';

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
