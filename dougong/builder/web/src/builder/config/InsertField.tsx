/** Fields to put into a text at the place where one was writing: a menu of few, of many one looks for them. */
import type { RefObject } from 'react';

import type { FieldInfo } from '../../core/fields';
import { t } from '../../core/i18n';
import { fieldTitle } from '../fields';
import { Lookup } from '../parts/Lookup';
import { Menu } from '../parts/Menu';

/** The input one was in last. */
export interface Spot {
  input: HTMLTextAreaElement | HTMLInputElement | null;
}

interface Props {
  fields: readonly FieldInfo[];
  insert(field: FieldInfo): void;
  spot: RefObject<Spot>;
}

const FEW = 12; // are read at a glance

export function InsertField({ fields, insert, spot }: Props) {
  const returnTo = () => spot.current.input;
  if (fields.length > FEW) {
    const entries = fields.map((field) => ({ key: field.key, title: fieldTitle(field), note: field.key, called: { ...field.title, shown: fieldTitle(field), key: field.key } }));
    const take = (key: string) => insert(fields.find((field) => field.key === key)!);
    return <Lookup title={t('builder.insert_field')} entries={entries} search={t('builder.field.search')} none={t('builder.field.none')} insert={take} returnTo={returnTo} />;
  }
  const items = fields.map((field) => ({ key: field.key, title: fieldTitle(field), note: field.key, act: () => insert(field) }));
  return <Menu title={t('builder.insert_field')} items={items} returnTo={returnTo} />;
}

/** The text with a piece put in where the cursor is, and the cursor moved behind it. */
export function inserted({ input }: Spot, text: string, piece: string): string {
  const from = input?.selectionStart ?? text.length;
  const to = input?.selectionEnd ?? from;
  const behind = from + piece.length;
  requestAnimationFrame(() => input?.setSelectionRange(behind, behind));
  return text.slice(0, from) + piece + text.slice(to);
}
