/** Preset fields: common fields of every trade, as data (`schemas/presets.json`). Read when the palette first asks for them. */
import { useEffect, useState } from 'react';

import { freeKey } from '../../core/keys';
import type { Field, FormDoc, Text } from '../../core/types';
import { newUid, withNewUids } from '../../core/uid';
import { fieldsOf } from './edits/tree';

export interface Preset extends Omit<Field, 'uid'> {
  trade: string;
  /** Of its Chinese title: 联系人 is lxr. */
  initials: string;
}

export interface Presets {
  trades: { key: string; title: Text }[];
  presets: Preset[];
}

export interface Trade {
  key: string;
  title: Text;
  found: Preset[];
}

export function usePresets(): Presets | null {
  const [presets, setPresets] = useState<Presets | null>(null);
  useEffect(() => {
    let here = true;
    void import('../../../../../schemas/presets.json').then(({ default: found }) => here && setPresets(found as unknown as Presets));
    return () => {
      here = false;
    };
  }, []);
  return presets;
}

/** By trade, those that are looked for: by any part of a title in any language, the key, the pinyin initials, or the name of the trade. */
export function found({ trades, presets }: Presets, wanted = ''): Trade[] {
  const words = wanted.trim().toLowerCase();
  const groups = trades.map((trade) => {
    const whole = spoken(trade.title).includes(words);
    return { ...trade, found: presets.filter((one) => one.trade === trade.key && (whole || fits(one, words))) };
  });
  return groups.filter((group) => group.found.length);
}

function fits(preset: Preset, words: string): boolean {
  return spoken(preset.title).includes(words) || preset.key.replaceAll('_', ' ').includes(words) || preset.initials.includes(words);
}

function spoken(title: Text): string {
  return Object.values(title).join(' ').toLowerCase();
}

/** A field of the form as the preset says, with a key that is free in it. */
export function presetField(doc: FormDoc, { trade: _, initials: __, ...preset }: Preset): Field {
  const taken = fieldsOf(doc).map((field) => field.key);
  const key = taken.includes(preset.key) ? freeKey(preset.key, taken) : preset.key;
  return { ...preset, uid: newUid(), key, ...(preset.config ? { config: withNewUids(preset.config) } : {}) };
}
