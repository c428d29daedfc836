/** The ways out of and into a step: where they lead, in which order they are tried; and "connect to…", which needs no mouse. */
import { ArrowDown, ArrowUp, Trash2 } from 'lucide-react';

import { listed, pick, t } from '../../core/i18n';
import type { FlowEdge, FlowNode, NodeType, WorkflowDoc } from '../../core/types';
import { useSentence } from '../conditions/sentences';
import { useDocument, useDraft, useLibrary, useOpen } from '../context';
import { useSelectionVerbs } from '../keys';
import { Menu } from '../parts/Menu';
import { connect, connectFor, decides, freeOutcomes, mayConnect, moveEdge, nodeOf, onlyWay, outcomeWords, reconnect, waysInto, waysOut } from './edits';

export function Ways({ node, type }: { node: FlowNode; type: NodeType | undefined }) {
  const { verbs } = useDocument<WorkflowDoc>();
  const draft = useDraft((found: WorkflowDoc) => found);
  const types = useLibrary((library) => library.vocabulary.nodes);
  const readOnly = useOpen((open) => open.readOnly);
  const ways = waysOut(draft, node.uid);
  const conditional = ways.filter((edge) => !edge.default);
  const out = decides(node) ? [...conditional, ...ways.filter((edge) => edge.default)] : ways; // 其他情况 is asked last, wherever it stands
  const into = waysInto(draft, node.uid);
  const targets = draft.nodes.filter((other) => mayConnect(draft, node.uid, other.uid, types));
  const led = (lead: (doc: WorkflowDoc, target: string) => WorkflowDoc) =>
    targets.map((other) => ({ key: other.uid, title: pick(other.title), act: () => verbs.change((doc) => lead(doc, other.uid)) }));
  const only = onlyWay(draft, node.uid, type);
  const items = led((doc, target) => (only ? reconnect(doc, only.uid, node.uid, target) : connect(doc, node.uid, target, types)));
  const outcomes = freeOutcomes(draft, node.uid, type);
  return (
    <section className="b-part">
      {type?.ways_out[1] !== 0 && (
        <>
          <h3>{t('builder.ways.leading_out')}</h3>
          {decides(node) && out.length > 1 && <p className="b-help">{t('builder.ways.in_order')}</p>}
          <ol className="b-ways">
            {out.map((edge, index) => (
              <WayRow
                key={edge.uid}
                edge={edge}
                name={pick(nodeOf(draft, edge.target)?.title)}
                first={index === 0}
                last={index === conditional.length - 1}
                asked={decides(node)}
                outcome={outcomeWords(edge, type)}
              />
            ))}
          </ol>
          {!readOnly && (
            <div className="b-row">
              <Menu title={t(only ? 'builder.lead_to' : 'builder.connect_to')} items={items} />
              {outcomes.map((on) => (
                <Menu
                  key={on}
                  className="button small quiet"
                  title={t('builder.outcome.connect', { outcome: pick(type?.outcomes?.[on]) })}
                  items={led((doc, target) => connectFor(doc, node.uid, target, on))}
                />
              ))}
            </div>
          )}
        </>
      )}
      {into.length > 0 && (
        <p className="b-help b-came">{t('builder.ways.from', { names: listed(into.map((edge) => pick(nodeOf(draft, edge.source)?.title))) })}</p>
      )}
    </section>
  );
}

interface RowProps {
  edge: FlowEdge;
  name: string;
  first: boolean;
  last: boolean;
  /** Does its step look at conditions? */
  asked: boolean;
  /** What it is for, where that is not the main way. */
  outcome: string;
}

function WayRow({ edge, name, first, last, asked, outcome }: RowProps) {
  const { verbs } = useDocument<WorkflowDoc>();
  const { remove } = useSelectionVerbs();
  const readOnly = useOpen((open) => open.readOnly);
  const condition = useSentence(edge.when);
  const words = pick(edge.title) || outcome || (edge.default ? t('builder.otherwise') : condition || (asked ? t('builder.way.no_condition') : ''));
  const move = (by: -1 | 1) => verbs.change((doc) => moveEdge(doc, edge.uid, by));
  return (
    <li>
      <button className="b-way-to" onClick={() => verbs.select([{ group: 'edges', uid: edge.uid }])}>
        <span>→ {name}</span>
        {words && <span className="muted small">{words}</span>}
      </button>
      {!readOnly && (
        <span className="b-way-tools">
          {asked && !edge.default && (
            <>
              <button className="button quiet small icon-only" disabled={first} aria-label={t('builder.earlier', { name })} onClick={() => move(-1)}>
                <ArrowUp size={14} aria-hidden />
              </button>
              <button className="button quiet small icon-only" disabled={last} aria-label={t('builder.later', { name })} onClick={() => move(1)}>
                <ArrowDown size={14} aria-hidden />
              </button>
            </>
          )}
          <button
            className="button quiet small icon-only"
            aria-label={t('builder.cut', { name })}
            onClick={() => remove([{ group: 'edges', uid: edge.uid }])}
          >
            <Trash2 size={14} aria-hidden />
          </button>
        </span>
      )}
    </li>
  );
}
