/** The settings of a way: its label, and, out of a decision, when it is taken. */
import { ArrowDown, ArrowUp } from 'lucide-react';

import { pick, t } from '../../core/i18n';
import { nodeType } from '../../core/library';
import type { FlowEdge, WorkflowDoc } from '../../core/types';
import { ConditionBuilder } from '../conditions/ConditionBuilder';
import { useDocument, useDraft, useLibrary, useOpen, useVerbs } from '../context';
import { Pick } from '../parts/Pick';
import { Setting } from '../parts/Setting';
import { TextBox } from '../parts/TextBox';
import { changeEdge, decides, makeDefault, moveEdge, nodeOf, setOutcome, withProperty } from './edits';
import { useProblems } from './problems';
import { SelectionButtons } from './SelectionButtons';

export function WayInspector({ edge }: { edge: FlowEdge }) {
  const { change, select } = useVerbs<WorkflowDoc>();
  const draft = useDraft((found: WorkflowDoc) => found);
  const readOnly = useOpen((open) => open.readOnly);
  const problems = [...useProblems('edges', edge.uid)];
  const [source, target] = [nodeOf(draft, edge.source), nodeOf(draft, edge.target)];
  const type = useLibrary((library) => nodeType(library, source?.type ?? ''));
  const outcomes = Object.entries(type?.outcomes ?? {}).map(([value, title]) => ({ value, title: pick(title) }));
  const asked = decides(source);
  const conditionShown = asked ? !edge.default : Boolean(edge.when);
  const set = <K extends keyof FlowEdge>(key: K, value: FlowEdge[K] | undefined) =>
    change((doc) => changeEdge(doc, edge.uid, (found) => withProperty(found, key, value)), `${key}/${edge.uid}`);
  return (
    <>
      <header className="b-inspector-head">
        <h2>
          <button className="b-link" onClick={() => select([{ group: 'nodes', uid: edge.source }])}>
            {pick(source?.title)}
          </button>
          {' → '}
          <button className="b-link" onClick={() => select([{ group: 'nodes', uid: edge.target }])}>
            {pick(target?.title)}
          </button>
        </h2>
      </header>
      {outcomes.length > 0 && (
        <Setting label={t('builder.way.outcome')} help={t('builder.way.outcome.help')} htmlFor="way-outcome">
          <Pick
            id="way-outcome"
            value={edge.on}
            choices={outcomes}
            empty={t('builder.way.main')}
            onChange={(on) => change((doc) => setOutcome(doc, edge.uid, on || undefined))}
            disabled={readOnly}
          />
        </Setting>
      )}
      {asked && <Taken edge={edge} />}
      {asked && conditionShown && (
        <Setting label={t('builder.way.when')} problems={problems}>
          <ConditionBuilder value={edge.when} onChange={(when) => set('when', when)} disabled={readOnly} />
        </Setting>
      )}
      {!asked && conditionShown && (
        <Setting label={t('builder.way.when')} problems={problems}>
          <p className="b-help">{t('builder.way.not_asked')}</p>
          <button className="button small" disabled={readOnly} onClick={() => set('when', undefined)}>
            {t('builder.way.remove_condition')}
          </button>
        </Setting>
      )}
      <Setting
        label={t('builder.way.title')}
        help={t(asked ? 'builder.way.title.help' : 'builder.way.title.plain')}
        problems={conditionShown ? [] : problems}
      >
        <TextBox label={t('builder.way.title')} optional value={edge.title} onChange={(title) => set('title', title)} disabled={readOnly} />
      </Setting>
      {!asked && !edge.on && !outcomes.length && <p className="b-help">{t('builder.way.always')}</p>}
      <SelectionButtons className="b-part" />
    </>
  );
}

/** Its place among the ways out, and whether it is the one that is taken when no other is. */
function Taken({ edge }: { edge: FlowEdge }) {
  const { verbs } = useDocument<WorkflowDoc>();
  const edges = useDraft((draft: WorkflowDoc) => draft.edges);
  const readOnly = useOpen((open) => open.readOnly);
  const conditional = edges.filter((one) => one.source === edge.source && !one.default);
  const place = conditional.findIndex((one) => one.uid === edge.uid);
  const move = (by: -1 | 1) => verbs.change((doc) => moveEdge(doc, edge.uid, by));
  return (
    <Setting label={t('builder.way.taken')} help={t(edge.default ? 'builder.way.default.help' : 'builder.way.order.help')}>
      <label className="b-check">
        <input type="checkbox" checked={edge.default ?? false} disabled={readOnly || edge.default} onChange={() => verbs.change((doc) => makeDefault(doc, edge.uid))} />
        {t('builder.otherwise')}
      </label>
      {!edge.default && (
        <div className="b-row">
          <span>{t('builder.priority.of', { number: place + 1, count: conditional.length })}</span>
          <button
            className="button small icon-only"
            disabled={readOnly || place === 0}
            aria-label={t('builder.priority.up')}
            onClick={() => move(-1)}
          >
            <ArrowUp size={14} aria-hidden />
          </button>
          <button
            className="button small icon-only"
            disabled={readOnly || place === conditional.length - 1}
            aria-label={t('builder.priority.down')}
            onClick={() => move(1)}
          >
            <ArrowDown size={14} aria-hidden />
          </button>
        </div>
      )}
    </Setting>
  );
}
