/** A walk through the draft: who is waited for stands on the canvas; what he says is said here, and kept as a story. */
import './walk.css';

import { Panel, ViewportPortal } from '@xyflow/react';
import { Play, RotateCcw, Undo2, X } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';

import { language, pick, t } from '../../core/i18n';
import type { StoryLine, WorkflowDoc } from '../../core/types';
import { newUid } from '../../core/uid';
import { useDraft, useLibrary, useOpen, useVerbs } from '../context';
import { nodeOf } from './edits';
import { places } from './tokens';
import { useFollow } from './useFollow';
import { useWalk, type Walk as Walking } from './useWalk';
import { personName, timeOf, told as toldOf, wordOf } from './walking';
import { WalkClock } from './WalkClock';
import { WalkPeople } from './WalkPeople';
import { WalkStep } from './WalkStep';
import { WithMadeUp } from './WalkValues';

const KEY = [['must', 'taken'], ['ahead', 'ahead'], ['may', 'maybe']] as const;
const LIT = { taken: 'must', ahead: 'ahead', possible: 'may' } as const;

export function Walk({ close }: { close(): void }) {
  const draft = useDraft((found: WorkflowDoc) => found);
  const walk = useWalk();
  const { told, answer } = walk;
  const waiting = answer?.waiting ?? [];
  const here = useRef<HTMLElement>(null);
  const [ahead, setAhead] = useState('');
  useEffect(() => setAhead(''), [told.say]);
  const say = ([node, brought, how]: StoryLine) => walk.add(ahead ? [node, brought, { ...how, at: ahead }] : how ? [node, brought, how] : [node, brought]);
  const time = timeOf(told);
  useEffect(() => {
    const lost = !document.activeElement || document.activeElement === document.body;
    if (told.say.length && lost) here.current?.querySelector<HTMLElement>('.b-walk-step, .b-walk-end')?.focus(); // what was pressed is gone
  }, [told]);
  const failed = answer?.failed;
  useFollow(draft, failed ?? waiting[0]?.node ?? told.say.at(-1)?.[0] ?? draft.nodes.find(({ type }) => type === 'start')?.uid ?? '');
  const { light } = useVerbs();
  const ways = answer?.ways;
  useEffect(() => {
    light(Object.fromEntries(Object.entries(ways ?? {}).map(([uid, state]) => [uid, LIT[state]])));
    return () => light({});
  }, [ways, light]);
  const title = (uid: string) => pick(nodeOf(draft, uid)?.title);
  const library = useLibrary((found) => found);
  const name = (person: string) => personName(library, person);
  return (
    <>
      <ViewportPortal>
        {places(draft, [...waiting.map(({ node }) => node), ...(failed ? [failed] : [])].map((node) => ({ way: '', node }))).map((token, index) => (
          <span key={index} className="b-token" data-token={token.node} data-failed={token.node === failed || undefined} style={{ transform: `translate(${token.x}px, ${token.y}px) translate(-50%, -50%)` }} aria-hidden />
        ))}
      </ViewportPortal>
      <Panel position="top-right" className="b-walk nowheel">
        <section ref={here} aria-label={t('builder.walk')}>
          <header className="b-row">
            <h2>{t('builder.walk')}</h2>
            <span className="b-fill" />
            <Tool words={t('builder.walk.back')} act={() => walk.go({ ...told, say: told.say.slice(0, -1) })} off={!told.say.length}><Undo2 size={15} aria-hidden /></Tool>
            <Tool words={t('builder.walk.again')} act={() => walk.go({ say: [], ...(told.people ? { people: told.people } : {}), ...(told.clock ? { clock: told.clock } : {}) })} off={!told.say.length}><RotateCcw size={15} aria-hidden /></Tool>
            <Tool words={t('builder.close')} act={close}><X size={15} aria-hidden /></Tool>
          </header>
          <p className="b-help">{t('builder.walk.about')}</p>
          <WalkPeople told={told} go={walk.go} />
          <WalkClock told={told} go={walk.go} ahead={ahead} putForward={setAhead} />
          {told.say.length > 0 && <ol className="b-walk-said">{told.say.map((line, index) => <li key={index}>{title(line[0])} <span className="muted">{toldOf(line, title, name)}</span></li>)}</ol>}
          {walk.refused && <p className="b-said b-error" role="alert">{walk.refused}</p>}
          {answer?.problems && <p className="b-said b-warning">{t('builder.walk.problems')}</p>}
          {answer?.ways && <Ahead prospect={answer.prospect} />}
          <WithMadeUp value={walk}>{waiting.map((one, index) => <WalkStep key={`${told.say.length} ${index}`} title={title(one.node)} waiting={one} data={answer?.data ?? {}} time={ahead ? { ...time, at: ahead } : time} say={say} />)}</WithMadeUp>
          <Whole lines={answer?.ticket ?? []} say={say} />
          {failed && <p className="b-said b-error" role="status">{t('builder.walk.stopped_at', { step: title(failed), why: answer?.stopped ?? '' })}</p>}
          <End walk={walk} />
          <Stories walk={walk} />
        </section>
      </Panel>
    </>
  );
}

/** What is still to come, by what is known now; what the lines on the canvas mean. */
function Ahead({ prospect = '' }: { prospect: string | undefined }) {
  return (
    <p className="b-help b-reach-key">
      {prospect} <span className="b-walk-key">{KEY.map(([lit, word]) => <span key={lit}><i className={`b-lit-${lit}`} /> {t(`builder.walk.way.${word}`)}</span>)}</span>
    </p>
  );
}

/** What may be done with the ticket as a whole. */
function Whole({ lines, say }: { lines: StoryLine[]; say(line: StoryLine): void }) {
  const library = useLibrary((found) => found);
  if (!lines.length) return null;
  const words = ([, , how]: StoryLine) => wordOf(String(how?.['signal'])) + (how?.['by'] ? ` · ${personName(library, String(how['by']))}` : '');
  return (
    <div className="b-row" role="group" aria-label={t('builder.walk.ticket')}>
      {lines.map((line, index) => <button key={index} type="button" className="button quiet small" onClick={() => say(line)}>{words(line)}</button>)}
    </div>
  );
}

function Tool({ words, act, off = false, children }: { words: string; act(): void; off?: boolean; children: React.ReactNode }) {
  return <button type="button" className="button quiet small icon-only" aria-label={words} title={words} disabled={off} onClick={act}>{children}</button>;
}

/** Where it has come to, and what one may keep of it. */
function End({ walk: { told, answer } }: { walk: Walking }) {
  const results = useLibrary((library) => library.vocabulary.nodes.find((type) => type.name === 'end')?.config?.properties?.['result']?.['x-options']);
  const readOnly = useOpen((open) => open.readOnly);
  const { change } = useVerbs<WorkflowDoc>();
  const [name, setName] = useState('');
  if (!answer || answer.problems || !told.say.length) return null;
  const { status, result, waiting, failed, standing = [] } = answer;
  const keep = () => {
    const then = { ...(status ? { status } : {}), ...(result ? { result } : {}), ...(standing.length ? { waiting: standing } : {}) };
    change((doc) => ({ ...doc, stories: [...(doc.stories ?? []), { uid: newUid(), title: { [language()]: name.trim() }, ...told, then }] }));
    setName('');
  };
  return (
    <>
      {status === 'done' && <p className="b-walk-end" role="status" tabIndex={-1}>{t('builder.walk.done', { result: pick(results?.[result ?? '']) || (result ?? '') })}</p>}
      {status !== 'done' && !waiting.length && !failed && <p className="b-said b-error" role="status">{t('builder.walk.stopped')}</p>}
      {!readOnly && (
        <form className="b-walk-keep" onSubmit={(event) => { event.preventDefault(); if (name.trim()) keep(); }}>
          <input className="input" aria-label={t('builder.walk.name')} placeholder={t('builder.walk.name')} maxLength={200} value={name} onChange={(event) => setName(event.target.value)} />
          <button className="button small" disabled={!name.trim()}>{t('builder.walk.keep')}</button>
          <p className="b-help">{t('builder.walk.keep.about')}</p>
        </form>
      )}
    </>
  );
}

function Stories({ walk }: { walk: Walking }) {
  const stories = useDraft((draft: WorkflowDoc) => draft.stories) ?? [];
  const readOnly = useOpen((open) => open.readOnly);
  const { change } = useVerbs<WorkflowDoc>();
  const remove = (uid: string) =>
    change((doc) => {
      const { stories: found = [], ...rest } = doc;
      const left = found.filter((one) => one.uid !== uid);
      return left.length ? { ...rest, stories: left } : rest;
    });
  if (!stories.length) return null;
  return (
    <>
      <h3>{t('builder.walk.kept')}</h3>
      <ul className="b-walk-kept">
        {stories.map(({ uid, title, then: _, ...told }) => (
          <li key={uid}>
            <button type="button" className="b-link" onClick={() => walk.go(told)}><Play size={13} aria-hidden /> {pick(title)}</button>
            {!readOnly && <Tool words={t('builder.remove_one', { name: pick(title) })} act={() => remove(uid)}><X size={13} aria-hidden /></Tool>}
          </li>
        ))}
      </ul>
    </>
  );
}
