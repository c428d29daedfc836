/** Edits of the whole settlement, of the shares and of the samples. */
import { decimal, plain, plus, ZERO } from '../../../core/decimal';
import { moved, nudged } from '../../../core/lists';
import type { Text } from '../../../core/types';
import { newUid } from '../../../core/uid';
import type { Sample, Settlement, Share, SharedBy } from '../types';

type Named = 'partner' | 'date' | 'line_id' | 'currency' | 'approval' | 'query' | 'title' | 'description';

/** `undefined` takes it away. */
export function setWhole<K extends Named>(doc: Settlement, name: K, value: Settlement[K] | undefined): Settlement {
  const { [name]: _, ...rest } = doc;
  return (value === undefined ? rest : { ...doc, [name]: value }) as Settlement;
}

/** Shares add up to 100: the next one gets what is left. */
export function addShare(doc: Settlement, party: Text): Settlement {
  const left = plus(decimal('100') ?? ZERO, { ...totalOf(doc.shares), digits: -totalOf(doc.shares).digits });
  const percent = left.digits > 0n ? plain(left) : '0';
  return { ...doc, shares: [...(doc.shares ?? []), { uid: newUid(), party, percent }] };
}

export function totalOf(shares: readonly Share[] = []): { digits: bigint; places: number } {
  return shares.reduce((sum, one) => plus(sum, decimal(one.percent) ?? ZERO), ZERO);
}

/** How much by another way; the text that stood there does not fit it. */
export function shareBy(share: Share, how: SharedBy, value: string): Share {
  const { percent: _, ratio: __, amount: ___, formula: ____, currency, ...rest } = share;
  return { ...rest, ...(how === 'amount' && currency !== undefined ? { currency } : {}), [how]: value };
}

export function replaceShare(doc: Settlement, share: Share): Settlement {
  return { ...doc, shares: (doc.shares ?? []).map((one) => (one.uid === share.uid ? share : one)) };
}

export function changeShare(doc: Settlement, uid: string, part: Partial<Share>): Settlement {
  return { ...doc, shares: (doc.shares ?? []).map((one) => (one.uid === uid ? { ...one, ...part } : one)) };
}

export function removeShares(doc: Settlement, uids: readonly string[]): Settlement {
  const shares = (doc.shares ?? []).filter((one) => !uids.includes(one.uid));
  const { shares: _, ...rest } = doc;
  return shares.length ? { ...doc, shares } : rest;
}

export function moveShare(doc: Settlement, uid: string, before: string | undefined): Settlement {
  const shares = moved(doc.shares ?? [], uid, before);
  return shares === doc.shares ? doc : { ...doc, shares };
}

export function nudgeShare(doc: Settlement, uid: string, by: -1 | 1): Settlement {
  const shares = nudged(doc.shares ?? [], uid, by);
  return shares === doc.shares ? doc : { ...doc, shares };
}

export const MOST_SAMPLES = 50;

/** Like the last one, so that only what differs has to be typed; the first begins today. */
export function newSample(doc: Settlement, today: string): Sample {
  const last = doc.samples?.at(-1)?.values;
  const own = doc.inputs.some((one) => one.key === doc.date && one.type === 'date') ? { [doc.date]: today } : {};
  const { [doc.line_id ?? '']: _, ...values } = last ?? own;
  return { uid: newUid(), values };
}

export function addSamples(doc: Settlement, samples: readonly Sample[], after?: string): Settlement {
  const found = doc.samples ?? [];
  const index = found.findIndex((one) => one.uid === after);
  return { ...doc, samples: found.toSpliced(index < 0 ? found.length : index + 1, 0, ...samples).slice(0, MOST_SAMPLES) };
}

export function setSample(doc: Settlement, uid: string, key: string, value: unknown): Settlement {
  const changed = (sample: Sample): Sample => {
    const { [key]: _, ...values } = sample.values;
    return { ...sample, values: value === undefined || value === '' ? values : { ...sample.values, [key]: value } };
  };
  return { ...doc, samples: (doc.samples ?? []).map((one) => (one.uid === uid ? changed(one) : one)) };
}

export function removeSamples(doc: Settlement, uids: readonly string[]): Settlement {
  const samples = (doc.samples ?? []).filter((one) => !uids.includes(one.uid));
  const { samples: _, ...rest } = doc;
  return samples.length ? { ...doc, samples } : rest;
}

export function moveSample(doc: Settlement, uid: string, before: string | undefined): Settlement {
  const samples = moved(doc.samples ?? [], uid, before);
  return samples === doc.samples ? doc : { ...doc, samples };
}

export function nudgeSample(doc: Settlement, uid: string, by: -1 | 1): Settlement {
  const samples = nudged(doc.samples ?? [], uid, by);
  return samples === doc.samples ? doc : { ...doc, samples };
}
