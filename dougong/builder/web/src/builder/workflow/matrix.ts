/** What all steps may do with all fields: read from their settings, and set for one, a row, or a column. */
import { t } from '../../core/i18n';
import type { FlowNode, NodeType, WorkflowDoc } from '../../core/types';
import { setConfig } from './edits';
import { REST, shownRight, type Right, type RightsField } from './RightsTable';

export const RIGHTS = ['hidden', 'read', 'write', 'required'] as const;

type Rights = Record<string, Right>;

/** The steps that show the ticket's own form: those of another form have other fields. */
export function stepsWithRights(doc: WorkflowDoc, types: readonly NodeType[]): FlowNode[] {
  const asked = new Set(types.filter((type) => type.config.properties?.['rights']?.['x-widget'] === 'rights').map((type) => type.name));
  return doc.nodes.filter((node) => asked.has(node.type) && [undefined, doc.form].includes(node.config?.['form'] as string | undefined));
}

/** Nothing said: whoever files the ticket, or has a form of his own to fill, writes; others read. */
export function usualRight(node: Pick<FlowNode, 'type'> | undefined, ownForm = false): Right {
  return node?.type === 'start' || ownForm ? 'write' : 'read';
}

/** What holds for a field, or for all that nothing is said of. */
export function rightOf(node: FlowNode, field: RightsField | null): Right {
  const rights = rightsOf(node);
  const rest = rights[REST] ?? usualRight(node);
  return field ? shownRight(rights[field.key] ?? rest, field.computed) : rest;
}

export function isGiven(node: FlowNode, key: string): boolean {
  return key in rightsOf(node);
}

/** Undefined: as all other fields, or as usual. */
export function setRight(doc: WorkflowDoc, uid: string, key: string, right: Right | undefined): WorkflowDoc {
  const { [key]: _, ...others } = rightsOf(doc.nodes.find((node) => node.uid === uid));
  return withRights(doc, uid, right ? { ...others, [key]: right } : others);
}

/** All fields of a step alike. */
export function setColumn(doc: WorkflowDoc, uid: string, right: Right | undefined): WorkflowDoc {
  return withRights(doc, uid, right ? { [REST]: right } : {});
}

function withRights(doc: WorkflowDoc, uid: string, rights: Rights): WorkflowDoc {
  return setConfig(doc, uid, 'rights', Object.keys(rights).length ? rights : undefined);
}

function rightsOf(node: FlowNode | undefined): Rights {
  return (node?.config?.['rights'] ?? {}) as Rights;
}

/** What was typed or pasted: a right by its words or its name; null where it is none of them. */
export function readRight(text: string): Right | undefined | null {
  const words = text.trim().toLowerCase();
  if (!words) return undefined;
  return RIGHTS.find((right) => right === words || t(`builder.right.${right}`).toLowerCase() === words) ?? null;
}
