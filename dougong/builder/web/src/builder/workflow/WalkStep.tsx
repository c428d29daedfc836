/** A step at which the walk waits: what is filled in there, and what may be done. */
import { useEffect, useRef, useState } from 'react';

import { pick, t } from '../../core/i18n';
import { documentOf } from '../../core/library';
import type { Config, FormDoc, StoryLine, WorkflowDoc } from '../../core/types';
import { untilWords, type Until } from '../config/spans';
import { useDraft, useLibrary } from '../context';
import { useFields } from '../fields';
import { Pick } from '../parts/Pick';
import { nodeOf } from './edits';
import type { Offer, Waiting } from './useWalk';
import { Asks } from './WalkAsks';
import { answered, changed, lineOf, personName, unseen, wordOf } from './walking';
import { Values } from './WalkValues';

const NONE: never[] = [];

interface Props {
  title: string;
  waiting: Waiting;
  /** What stands in the ticket so far. */
  data: Config;
  /** What the clock shows, and where. */
  time: { at: string; zone: string };
  say(line: StoryLine): void;
}

export function WalkStep({ title, waiting, data, time, say }: Props) {
  const { node, fields, offers, who = [], opinion } = waiting;
  const [usual, ...others] = offers;
  const [before] = useState(() => Object.fromEntries(Object.keys(fields).filter((key) => data[key] !== undefined && data[key] !== null).map((key) => [key, data[key]])));
  const [values, setValues] = useState<Config>(before);
  const [why, setWhy] = useState('');
  const [said, setSaid] = useState<Config>({});
  const [by, setBy] = useState(who[0]);
  const [open, setOpen] = useState<Offer | null>(null);
  const library = useLibrary((found) => found);
  const name = (one: string) => personName(library, one);
  const how = by ? { ...waiting.how, by } : waiting.how;
  const form = useDraft((draft: WorkflowDoc) => (nodeOf(draft, node)?.config?.['form'] as string | undefined) ?? draft.form);
  const hidden = unseen(documentOf<FormDoc>(library, 'form', form)?.draft, library, { ...data, ...values }, time);
  const all = useFields();
  const asked = all.filter(({ key }) => key in fields && !hidden.has(key));
  const deadlines = useDraft((draft: WorkflowDoc) => (nodeOf(draft, node)?.config?.['deadlines'] ?? NONE) as { uid: string; when: Until }[]);
  const does = (offer: Offer) => {
    const found = answered(offer.asks, said);
    const opined = ['approve', 'reject'].includes(offer.signal) && why.trim() ? { opinion: why.trim() } : {};
    if (found) say(lineOf(node, how, offer, changed(before, values), { ...found, ...opined }));
  };
  const toggle = (offer: Offer) => {
    setSaid({});
    setOpen(open === offer ? null : offer);
  };
  /** Of several deadlines, which. */
  const due = ({ brings }: Offer) => {
    const found = deadlines.length > 1 ? deadlines.find(({ uid }) => uid === brings['deadline']) : undefined;
    return found ? untilWords(found.when, (key) => pick(all.find((one) => one.key === key)?.title) || key) : '';
  };
  const whose = [who.length > 1 ? '' : who.map(name).join(), waiting.how['item'] && words(waiting.how['item'])].filter(Boolean).join(' · ');
  return (
    <div className="b-walk-step" role="group" tabIndex={-1} aria-label={title}>
      <h3>{title} {whose && <span className="muted">{whose}</span>}</h3>
      {who.length > 1 && <Pick label={t('builder.walk.by')} value={by} choices={who.map((one) => ({ value: one, title: name(one) }))} onChange={setBy} />}
      <Values fields={asked} needed={(key) => fields[key] === 'required'} values={values} onChange={setValues} />
      {usual && !open && <Asks asks={usual.asks} said={said} onChange={setSaid} />}
      {opinion && <input className="input" aria-label={t('builder.walk.opinion')} placeholder={t('builder.walk.opinion')} maxLength={2000} value={why} onChange={(event) => setWhy(event.target.value)} />}
      <div className="b-row">
        {usual && <button type="button" className="button small primary" disabled={!open && !answered(usual.asks, said)} onClick={() => does(usual)}>{wordOf(usual.word)}</button>}
        {others.map((offer, index) => offer.asks.length
          ? <button key={index} type="button" className="button small" aria-expanded={open === offer} onClick={() => toggle(offer)}>{wordOf(offer.word)}</button>
          : <button key={index} type="button" className="button small" onClick={() => does(offer)}>{[wordOf(offer.word), due(offer)].filter(Boolean).join(' · ')}</button>)}
      </div>
      {open && <Said key={open.word} offer={open} said={said} onChange={setSaid} done={() => does(open)} close={() => toggle(open)} />}
    </div>
  );
}

interface SaidProps {
  offer: Offer;
  said: Config;
  onChange(said: Config): void;
  done(): void;
  close(): void;
}

/** What has to be said with it before it is done. */
function Said({ offer, said, onChange, done, close }: SaidProps) {
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    const from = document.activeElement as HTMLElement | null;
    form.current?.querySelector<HTMLElement>('select, input')?.focus();
    return () => { if (document.activeElement === document.body) from?.focus(); };
  }, []);
  const pressed = (event: React.KeyboardEvent) => {
    if (event.key !== 'Escape') return;
    event.stopPropagation();
    close();
  };
  return (
    <form ref={form} className="b-walk-row" aria-label={wordOf(offer.word)} onKeyDown={pressed} onSubmit={(event) => { event.preventDefault(); done(); }}>
      <Asks asks={offer.asks} said={said} onChange={onChange} />
      <div className="b-row">
        <button className="button small primary" disabled={!answered(offer.asks, said)}>{wordOf(offer.word)}</button>
        <button type="button" className="button quiet small" onClick={close}>{t('builder.cancel')}</button>
      </div>
    </form>
  );
}

/** An item of a list: its number, its name, or the file or record that it is. */
function words(item: unknown): string {
  const found = item as { title?: string; name?: string; id?: string };
  return typeof item === 'object' ? (found.title || found.name || found.id || '') : String(item);
}
