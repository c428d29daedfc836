/** A menu of fields to put into a text at the place where one was writing. */
import type { RefObject } from 'react';

import type { FieldInfo } from '../../core/fields';
import { t } from '../../core/i18n';
import { fieldTitle } from '../fields';
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

export function InsertField({ fields, insert, spot }: Props) {
  const items = fields.map((field) => ({ key: field.key, title: fieldTitle(field), note: field.key, act: () => insert(field) }));
  return <Menu title={t('builder.insert_field')} items={items} returnTo={() => spot.current.input} />;
}

/** The text with a piece put in where the cursor is, and the cursor moved behind it. */
export function inserted({ input }: Spot, text: string, piece: string): string {
  const from = input?.selectionStart ?? text.length;
  const to = input?.selectionEnd ?? from;
  const behind = from + piece.length;
  requestAnimationFrame(() => input?.setSelectionRange(behind, behind));
  return text.slice(0, from) + piece + text.slice(to);
}
