/** The settings of a step: its name, what its type asks for, and its ways in and out. */
import { Replace } from 'lucide-react';
import { lazy, Suspense } from 'react';

import { pick, t } from '../../core/i18n';
import { nodeType } from '../../core/library';
import { concerns } from '../../core/schemas';
import type { FlowNode, WorkflowDoc } from '../../core/types';
import { SchemaForm } from '../config/SchemaForm';
import { useDocument, useDraft, useLibrary, useOpen, useVerbs } from '../context';
import { Icon } from '../parts/Icon';
import { Menu } from '../parts/Menu';
import { Said, Setting } from '../parts/Setting';
import { TextBox } from '../parts/TextBox';
import { changeNode, setConfig, withProperty } from './edits';
import { useProblems } from './problems';
import { Reach } from './Reach';
import { othersFor, retyped } from './retype';
import { SelectionButtons } from './SelectionButtons';
import { Ways } from './Ways';
import { STEP_WIDGETS } from './widgets';

const Begins = lazy(() => import('./Begins'));

export function StepInspector({ node }: { node: FlowNode }) {
  const { change } = useVerbs<WorkflowDoc>();
  const type = useLibrary((library) => nodeType(library, node.type));
  const index = useDraft((draft: WorkflowDoc) => draft.nodes.indexOf(node));
  const readOnly = useOpen((open) => open.readOnly);
  const problems = useProblems('nodes', node.uid);
  const pointer = `/nodes/${index}`;
  const settings = Object.entries(type?.config.properties ?? {});
  const others = problems.filter((problem) => !settings.some(([key, setting]) => concerns(problem, `${pointer}/config`, key, setting)));
  const titled = others.filter(({ path }) => path.startsWith(`${pointer}/title`));
  return (
    <>
      <header className="b-inspector-head" data-family={type?.family}>
        <span className="b-step-icon">
          <Icon name={type?.icon ?? 'square'} size={18} />
        </span>
        <div>
          <h2>{pick(type?.title) || node.type}</h2>
          <p className="b-help">
            {pick(type?.help)}{' '}
            <a href={`handbook#${node.type}`} target="_blank" rel="noopener">
              {t('builder.handbook')}
            </a>
          </p>
        </div>
        {!readOnly && <Retype uid={node.uid} />}
      </header>
      {others.length > titled.length && <div className="b-setting"><Said problems={others.filter((one) => !titled.includes(one))} /></div>}
      <Setting label={t('builder.title')} required problems={titled}>
        <TextBox
          label={t('builder.title')}
          value={node.title}
          disabled={readOnly}
          onChange={(title) => change((doc) => changeNode(doc, node.uid, (found) => ({ ...found, title: title ?? {} })), `title/${node.uid}`)}
        />
      </Setting>
      {node.config?.['every'] !== undefined && (
        <Suspense>
          <Begins config={node.config} />
        </Suspense>
      )}
      {type && (
        <SchemaForm
          schema={type.config}
          value={node.config ?? {}}
          pointer={`${pointer}/config`}
          widgets={STEP_WIDGETS}
          onChange={(key, value) => change((doc) => setConfig(doc, node.uid, key, value), `${key}/${node.uid}`)}
        />
      )}
      <Setting label={t('builder.remark')} help={t('builder.remark.help')}>
        <TextBox
          label={t('builder.remark')}
          optional
          rows={2}
          value={node.remark}
          disabled={readOnly}
          onChange={(remark) => change((doc) => changeNode(doc, node.uid, (found) => withProperty(found, 'remark', remark)), `remark/${node.uid}`)}
        />
      </Setting>
      <Ways node={node} type={type} />
      {type?.ways_in[1] !== 0 && <Reach key={node.uid} node={node} />}
      <SelectionButtons className="b-part" />
    </>
  );
}

/** Another type for the step: what fits stays as it is set. */
function Retype({ uid }: { uid: string }) {
  const { verbs } = useDocument<WorkflowDoc>();
  const types = useLibrary((library) => library.vocabulary.nodes);
  const draft = useDraft((found: WorkflowDoc) => found);
  const items = othersFor(draft, uid, types).map((type) => ({
    key: type.name,
    title: pick(type.title),
    act: () => verbs.change((doc) => retyped(doc, uid, type, types)),
  }));
  return <Menu className="button quiet small b-retype" title={<Replace size={14} aria-hidden />} label={t('builder.retype')} items={items} />;
}
