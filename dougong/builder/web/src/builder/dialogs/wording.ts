/** What the elements of drafts, their settings and the values of these are called, as the types of the vocabulary say it. */
import { useMemo } from 'react';

import { groupName, namesOf, partName } from '../../core/differences';
import { isPlain, takenApart, unescaped, type Element } from '../../core/elements';
import { fieldsOfForm, fieldsOfWorkflow, type FieldInfo } from '../../core/fields';
import { bracketed, pick } from '../../core/i18n';
import type { Library } from '../../core/library';
import { said } from '../../core/said';
import { sentence, type Speech } from '../../core/sentence';
import type { Doc, FormDoc, Schema, Tree, WorkflowDoc } from '../../core/types';
import { usePlaces } from '../conditions/sentences';
import { useLibrary } from '../context';

export interface Wording {
  group(id: string): string;
  name(id: string): string;
  /** The setting at a path of an element. */
  part(id: string, path: string): string;
  value(id: string, path: string, value: unknown): string;
}

/** Of drafts of one document, the newest first; they stay the same while they are compared. */
export function useWording(...docs: readonly Doc[]): Wording {
  const library = useLibrary((found) => found);
  const drafts = useMemo(() => docs, docs);
  const fields = useMemo(() => fieldsOf(drafts, library), [drafts, library]);
  const region = usePlaces(drafts, fields);
  return useMemo(() => wording(library, drafts, fields, region), [library, drafts, fields, region]);
}

function wording(library: Library, docs: readonly Doc[], fields: readonly FieldInfo[], region: Speech['region']): Wording {
  const drafts = docs.map((doc) => takenApart(doc));
  const names = drafts.map(namesOf);
  const types = [...library.vocabulary.nodes, ...library.vocabulary.fields];
  const element = (id: string): Element | undefined => drafts.find((parts) => parts.has(id))?.get(id);
  const name = (id: string) => names.find((one) => one.has(id))?.get(id) ?? '';

  function schemaOf(id: string, path: string): Schema | undefined {
    const [first, key] = path.split('/').map(unescaped);
    if (first === 'print' && key) return library.vocabulary.print?.properties?.[key];
    if (first !== 'config' || !key) return undefined;
    const kind = element(id)?.own.get('type');
    return types.find((type) => type.name === kind)?.config.properties?.[key];
  }

  /** A step or another document that is named by its uid or key. */
  function named(value: unknown): string {
    const step = name(`nodes/${String(value)}`);
    return step || pick(library.documents.find(({ key }) => key === value)?.title);
  }

  return {
    name,
    group: (id) => groupName(element(id)?.group ?? ''),
    part: (id, path) => {
      const tag = /^(?:title|description|help|text|print\/title|print\/letterhead)\/(.+)$/.exec(path)?.[1];
      const words = pick(schemaOf(id, path)?.['x-title']) || partName(element(id)?.group ?? '', path);
      return tag ? words + bracketed(tag) : words;
    },
    value: (id, path, value) => {
      if (path === 'type') return pick(types.find((type) => type.name === value)?.title) || said(value);
      if (isPlain(value) && 'combinator' in value) return sentence(value as unknown as Tree, { fields, operators: library.vocabulary.operators, region }) || said(undefined);
      if (typeof value !== 'string') return said(value);
      if (['key', 'default'].includes(path) || path.startsWith('title/')) return said(value);
      return pick(schemaOf(id, path)?.['x-options']?.[value]) || named(value) || said(value);
    },
  };
}

function fieldsOf(docs: readonly Doc[], library: Library): FieldInfo[] {
  return docs.flatMap((doc) => ('nodes' in doc ? fieldsOfWorkflow(doc as WorkflowDoc, library) : 'sections' in doc ? fieldsOfForm(doc as FormDoc, library) : []));
}
