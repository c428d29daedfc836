/** Somebody else has changed what one changes oneself: the three values of each, and whose stands. All else is merged already. */
import { useMemo, useState } from 'react';

import { differences } from '../../core/differences';
import { t } from '../../core/i18n';
import { merge, type Choices, type Collision, type Side } from '../../core/merge';
import type { SaveState } from '../../core/saver';
import type { Doc } from '../../core/types';
import { useDocument, useOpen } from '../context';
import { Dialog } from '../parts/Dialog';
import { DifferenceList } from './DifferenceList';
import { useWording, type Wording } from './wording';

type Conflict = Extract<SaveState<Doc>, { is: 'conflict' }>;

export function ConflictDialog({ conflict }: { conflict: Conflict }) {
  const { saver, verbs } = useDocument();
  const mine = useOpen((open) => open.draft);
  const [choices, choose] = useState<Choices>(new Map());
  const theirs = conflict.theirs.draft;
  const base = saver?.saved ?? mine;
  const { collisions } = useMemo(() => merge(base, mine, theirs), [base, mine, theirs]);
  const words = useWording(mine, theirs, base);
  const open = collisions.filter(({ id }) => !choices.has(id)).length;
  const all = (side: Side) => choose(new Map(collisions.map(({ id }) => [id, side])));
  const buttons = (
    <>
      <button className="button" onClick={() => all('theirs')}>
        {t('builder.conflict.theirs')}
      </button>
      <button className="button" onClick={() => all('mine')}>
        {t('builder.conflict.mine')}
      </button>
      <button className="button primary" disabled={open > 0} onClick={() => verbs.resolve(choices)}>
        {open ? t('builder.conflict.open', { count: open }) : t('builder.conflict.done')}
      </button>
    </>
  );
  return (
    <Dialog title={t('builder.conflict', { who: conflict.who })} about={t('builder.conflict.about')} buttons={buttons} wide>
      <ol className="b-collisions">
        {collisions.map((one) => (
          <li key={one.id}>
            <Choice one={one} words={words} who={conflict.who} chosen={choices.get(one.id)} choose={(side) => choose(new Map(choices).set(one.id, side))} />
          </li>
        ))}
      </ol>
      <details>
        <summary>{t('builder.conflict.all')}</summary>
        <DifferenceList title={t('builder.conflict.they', { who: conflict.who })} found={differences(base, theirs)} />
        <DifferenceList title={t('builder.conflict.you')} found={differences(base, mine)} />
      </details>
    </Dialog>
  );
}

interface ChoiceProps {
  one: Collision;
  words: Wording;
  who: string;
  chosen: Side | undefined;
  choose(side: Side): void;
}

function Choice({ one, words, who, chosen, choose }: ChoiceProps) {
  const { element, part, is } = one;
  const what = is === 'value' ? words.part(element, part) : t(`builder.conflict.is.${is}`);
  const said = (value: unknown) => valueSaid(one, value, words);
  const option = (side: Side, title: string) => (
    <label className="b-side" data-chosen={chosen === side}>
      <input type="radio" name={one.id} checked={chosen === side} onChange={() => choose(side)} />
      <span className="muted small">{title}</span>
      <span className="b-said-value">{said(one[side])}</span>
    </label>
  );
  return (
    <fieldset className="b-collision">
      <legend>{element ? t('builder.conflict.part', { group: words.group(element), name: words.name(element), what }) : what}</legend>
      <div className="b-side">
        <span className="muted small">{t('builder.conflict.base')}</span>
        <span className="b-said-value">{said(one.base)}</span>
      </div>
      {option('theirs', who)}
      {option('mine', t('builder.conflict.me'))}
    </fieldset>
  );
}

function valueSaid({ element, part, is }: Collision, value: unknown, words: Wording): string {
  switch (is) {
    case 'removed':
      return t(value ? 'builder.conflict.stays' : 'builder.conflict.removed');
    case 'place':
      return words.name(String(value ?? '')) || t('builder.value.none');
    case 'order':
      return (value as string[]).map(words.name).join(' → ');
    default:
      return words.value(element, part, value);
  }
}
