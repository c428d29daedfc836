/** What a step does in one line: who, by which form or table, with which result; made from its settings as its type declares them. */
import { listed, pick, t } from '../../core/i18n';
import { documentOf, type Library } from '../../core/library';
import type { FieldInfo } from '../../core/fields';
import { brief, lacks, matters, meant, ordered } from '../../core/schemas';
import { sentence } from '../../core/sentence';
import type { Config, FlowNode, Kind, NodeType, Schema, Tree, WorkflowDoc } from '../../core/types';
import { untilWords, type Until } from '../config/spans';

export interface Unit {
  of: 'initiator' | 'field' | 'region';
  field?: string;
}

export interface Who {
  by: 'role' | 'role_in_unit' | 'unit' | 'unit_head' | 'nth_head' | 'heads_up' | 'person_field' | 'initiator' | 'handler' | 'approvers' | 'chosen' | 'customer' | 'table';
  role?: string;
  unit?: Unit;
  level?: number;
  field?: string;
  node?: string;
  table?: string;
  inputs?: Record<string, string>;
  output?: string;
  least?: number;
  most?: number;
}

export interface Known {
  library: Library;
  fields: readonly FieldInfo[];
  nodes: WorkflowDoc['nodes'];
  /** The name of a place by its code, where it is known. */
  region?: (code: string) => string | undefined;
}

const MOST_PARTS = 2;

/** Null: nothing is set yet that could be told. */
export function meaning(node: FlowNode, type: NodeType, ways: { into: number; out: number }, known: Known): string | null {
  const { config: schema } = type;
  const config = node.config ?? {};
  if (type.ways_in[0] > 1) return joining(schema, config, ways.into);
  if (type.family === 'routing' && type.ways_out[1] === null) return t('builder.ways.out', { count: ways.out });
  if (lacks(schema, config)) return null;
  const settings = ordered(schema).filter(([key]) => matters(schema, config, key));
  const [first, others] = [settings.filter(([, one]) => one['x-told']), settings.filter(([, one]) => !one['x-told'])];
  const parts = [
    ...first.map(([key, one]) => brief(told(one, meant(schema, config, key), known) ?? '') || null),
    ...others.map(([key, one]) => told(one, config[key], known) ?? (type.family === 'routing' ? said(one, config[key]) : null)),
  ];
  return (
    parts
      .filter((part) => part !== null)
      .slice(0, MOST_PARTS)
      .join(' · ') || null
  );
}

/** How many of the ways that lead in it waits for. */
function joining(schema: Schema, config: Config, count: number): string {
  const mode = String(meant(schema, config, 'mode'));
  if (mode === 'all') return t('builder.ways.into', { count });
  if (typeof config['needs'] === 'number' && mode === 'count') return t('builder.ways.needed', { count, needs: config['needs'] });
  return brief(pick(schema.properties?.['mode']?.['x-options']?.[mode]));
}

function said(schema: Schema, value: unknown): string | null {
  if (schema['x-widget'] === 'shared' && value) return String(value);
  return typeof value === 'number' ? `${pick(schema['x-title'])} ${value}` : null;
}

function told(schema: Schema, value: unknown, known: Known): string | null {
  if (value === undefined || value === null || value === '') return null;
  if (schema.enum) return pick(schema['x-options']?.[String(value)]) || String(value);
  switch (schema['x-widget']) {
    case 'people':
      return whoWords(value as Who, known);
    case 'form':
    case 'settlement':
    case 'workflow':
    case 'entity':
    case 'table':
      return documentTitle(schema['x-widget'], String(value), known);
    case 'condition':
      return sentence(value as Tree, { fields: known.fields, operators: known.library.vocabulary.operators, ...(known.region && { region: known.region }) }) || null;
    case 'message':
    case 'time':
      return String(value);
    case 'step':
    case 'steps':
      return listed([value].flat().map((uid) => pick(known.nodes.find((node) => node.uid === uid)?.title)).filter(Boolean)) || null;
    case 'until':
      return untilWords(value as Until, (key) => fieldTitle(key, known)) || null;
    case 'deadlines': {
      const first = list(value)[0] as { when?: Until } | undefined;
      return first ? t('builder.deadline.words', { when: untilWords(first.when, (key) => fieldTitle(key, known)) }) : null;
    }
    case 'roles':
      return listed(list(value).map((key) => documentTitle('role', String(key), known))) || null;
    case 'rows':
      return listed(list(value).map((row) => rowWords(schema.items, row as Config, known)).filter(Boolean)) || null;
    case 'assignments':
      return listed(list(value).map((one) => fieldTitle((one as { field?: string }).field, known))) || null;
    default:
      return !schema['x-widget'] && schema['x-title'] && typeof value === 'string' ? value : null;
  }
}

function rowWords(schema: Schema | undefined, row: Config, known: Known): string {
  const parts = Object.entries(schema?.properties ?? {}).map(([key, one]) => told(one, row[key], known));
  return parts.filter((part) => part !== null).join(' ');
}

/** A draft may hold anything in its settings. */
function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

export function whoWords(who: Who, known: Known): string {
  const unit = unitWords(who.unit, known);
  switch (who.by) {
    case 'role':
      return documentTitle('role', who.role, known);
    case 'role_in_unit':
      return t('builder.who.role_in_unit.words', { unit, role: documentTitle('role', who.role, known) });
    case 'unit':
      return unit;
    case 'unit_head':
      return t('builder.who.unit_head.words', { unit });
    case 'nth_head':
    case 'heads_up':
      return t(`builder.who.${who.by}.words`, { unit, level: who.level ?? 1 });
    case 'person_field':
      return fieldTitle(who.field, known);
    case 'table':
      return t('builder.who.table.words', { table: documentTitle('table', who.table, known) });
    case 'handler':
      return t('builder.who.handler.words', { step: pick(known.nodes.find((node) => node.uid === who.node)?.title) || unchosen('group.nodes') });
    default:
      return t(`builder.who.${who.by}`);
  }
}

function unitWords(unit: Unit | undefined, known: Known): string {
  if (!unit) return '';
  if (unit.of === 'initiator') return t('builder.unit.initiator');
  return t(`builder.unit.${unit.of}.words`, { field: fieldTitle(unit.field, known) });
}

function documentTitle(kind: Kind, key: string | undefined, { library }: Known): string {
  return pick(documentOf(library, kind, key)?.title) || key || unchosen(`kind.${kind}`);
}

function fieldTitle(key: string | undefined, { fields }: Known): string {
  return pick(fields.find((field) => field.key === key)?.title) || key || unchosen('group.fields');
}

function unchosen(what: string): string {
  return t('builder.unchosen', { what: t(`builder.${what}`) });
}
