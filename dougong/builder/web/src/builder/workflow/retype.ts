/** Another type for a step that is drawn already: what fits stays. */
import { same } from '../../core/same';
import type { Config, FlowEdge, NodeType, Schema, WorkflowDoc } from '../../core/types';
import { asDrawn, changeNode, CONDITIONAL, newNode, nodeOf } from './edits';

/** The types that a step may become: those that its ways in and out leave open. */
export function othersFor(doc: WorkflowDoc, uid: string, types: readonly NodeType[]): NodeType[] {
  const node = nodeOf(doc, uid);
  const isEntered = doc.edges.some((edge) => edge.target === uid);
  return types.filter((type) => type.name !== node?.type && (type.ways_in[1] !== 0 || (!isEntered && !doc.nodes.some((one) => one.type === type.name))));
}

/** Settings of the same name and kind stay, so do ways for outcomes that the new type has too; a name given by hand stays, that of the type goes. */
export function retyped(doc: WorkflowDoc, uid: string, type: NodeType, types: readonly NodeType[]): WorkflowDoc {
  const node = nodeOf(doc, uid);
  if (!node || node.type === type.name) return doc;
  const former = types.find((one) => one.name === node.type);
  const isNamed = !former || !isCalledAfter(node.title, former);
  const title = isNamed ? node.title : newNode(doc, type).title;
  const changed = changeNode(doc, uid, () => ({ ...node, type: type.name, title, config: { ...asDrawn(type), ...fitting(node.config ?? {}, former?.config, type.config) } }));
  return { ...changed, edges: waysFor(changed.edges, uid, type) };
}

/** As new steps are called: as their type, or that with a number. */
function isCalledAfter(title: Record<string, string>, type: NodeType): boolean {
  return Object.entries(title).every(([tag, words]) => words.replace(/ \d+$/, '') === type.title[tag]);
}

function fitting(config: Config, from: Schema | undefined, to: Schema): Config {
  const fits = ([key, value]: [string, unknown]) => {
    const [was, is] = [from?.properties?.[key], to.properties?.[key]];
    return is !== undefined && kindOf(was) === kindOf(is) && (!is.enum || is.enum.includes(value as string));
  };
  return Object.fromEntries(Object.entries(config).filter(fits));
}

function kindOf(schema: Schema | undefined): string {
  return [schema?.type, schema?.['x-widget'], schema?.$ref, schema?.enum && 'enum'].flat().join('/');
}

function waysFor(edges: readonly FlowEdge[], uid: string, type: NodeType): FlowEdge[] {
  const asks = CONDITIONAL.includes(type.name);
  const own = edges.filter((edge) => edge.source === uid && type.ways_out[1] !== 0 && (!edge.on || type.outcomes?.[edge.on]));
  const heir = asks ? (own.find((edge) => edge.default) ?? own.findLast((edge) => !edge.when && !edge.on) ?? own.at(-1)) : undefined;
  return edges.flatMap((edge) => {
    if (edge.source !== uid) return [edge];
    if (!own.includes(edge)) return [];
    const { default: _, when, ...rest } = edge;
    if (edge === heir) return [same(edge, { ...rest, default: true }) ? edge : { ...rest, default: true }];
    return [asks && when ? { ...rest, when } : rest];
  });
}
