/** A field on the canvas: its label, what it will look like, when it is shown, what is wrong with it. */
import { Copy, Trash2 } from 'lucide-react';

import { pick, t } from '../../core/i18n';
import type { Field, FormDoc } from '../../core/types';
import { useSentence } from '../conditions/sentences';
import { useDocument, useOpen, useVerbs } from '../context';
import { Grip, type Direction } from '../drag/Grip';
import { focusGrip } from '../drag/held';
import { lift, type Fall } from '../drag/lift';
import { useMark } from '../marks';
import { useRemove } from '../removal';
import { moveField, nudgeField } from './edits/fields';
import { duplicatePlaces } from './edits/places';
import { FieldPreview, isWide } from './FieldPreview';
import { Findings } from './Findings';

export function FieldCard({ field }: { field: Field }) {
  const { uid } = field;
  const place = { group: 'fields', uid };
  const mark = useMark(uid);
  const { change, select } = useVerbs<FormDoc>();
  const selection = useOpen((open) => open.selection);
  const readOnly = useOpen((open) => open.readOnly);
  const selected = selection.some((one) => one.uid === uid);
  const shown = useSentence(field.visible_when);
  const name = pick(field.title) || field.key;

  const drop = (fall: Fall) => change((doc) => moveField(doc, uid, fall.zone, fall.before));
  const move = (direction: Direction) => change((doc) => nudgeField(doc, uid, direction === 'up' || direction === 'left' ? -1 : 1));
  const choose = (event: React.MouseEvent | React.KeyboardEvent) => {
    event.stopPropagation();
    const more = event.ctrlKey || event.metaKey;
    select(!more ? [place] : selected ? selection.filter((one) => one.uid !== uid) : [...selection.filter((one) => one.group === 'fields'), place]);
  };
  const pressed = (event: React.KeyboardEvent) => {
    if (event.target !== event.currentTarget) return;
    if (event.key === 'Enter' || event.key === ' ') choose(event);
    else if (event.altKey && event.key.startsWith('Arrow') && !readOnly) {
      move(event.key.slice(5).toLowerCase() as Direction);
      requestAnimationFrame(() => document.querySelector<HTMLElement>(`.b-canvas [data-card="${CSS.escape(uid)}"]`)?.focus());
    } else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') focusNeighbour(event.currentTarget as HTMLElement, event.key === 'ArrowDown' ? 1 : -1);
    else return;
    event.preventDefault();
  };
  return (
    <article
      className="bf-field" data-item={uid} data-is={mark} data-card={uid} data-selected={selected || undefined} data-wide={isWide(field) || undefined} tabIndex={0} aria-label={name} aria-current={selected || undefined}
      onClick={choose} onKeyDown={pressed}
      onPointerDown={(event) => event.pointerType === 'mouse' && !readOnly && !(event.target as Element).closest('button, input, a') && lift(event.nativeEvent, { what: 'fields', label: name, item: event.currentTarget, drop })}
    >
      <div className="bf-label">
        <span>{name}{field.required && <span className="b-required">*</span>}</span>
        <Findings uid={uid} group="fields" />
      </div>
      <FieldPreview field={field} />
      {pick(field.help) && field.type !== 'note' && <p className="b-help">{pick(field.help)}</p>}
      {shown && <p className="bf-when">{t('builder.form.shown_when', { when: shown })}</p>}
      {!readOnly && (
        <div className="bf-tools" onClick={(event) => event.stopPropagation()}>
          <code className="small muted">{field.key}</code>
          <Grip uid={uid} label={name} what="fields" drop={drop} move={move} />
          <Tools field={field} name={name} />
        </div>
      )}
    </article>
  );
}

function Tools({ field, name }: { field: Field; name: string }) {
  const store = useDocument<FormDoc>();
  const remove = useRemove();
  const place = { group: 'fields', uid: field.uid };
  const duplicate = () => {
    const made = duplicatePlaces(store.getState().draft, [place]);
    store.verbs.change(() => made.draft);
    store.verbs.select(made.places);
    if (made.places[0]) focusGrip(made.places[0].uid);
  };
  return (
    <>
      <button type="button" className="button quiet small icon-only" aria-label={t('builder.form.duplicate', { name })} title={t('builder.form.duplicate', { name })} onClick={duplicate}><Copy size={14} aria-hidden /></button>
      <button type="button" className="button quiet small icon-only" aria-label={t('builder.form.delete', { name })} title={t('builder.form.delete', { name })} onClick={() => remove([place])}><Trash2 size={14} aria-hidden /></button>
    </>
  );
}

function focusNeighbour(card: HTMLElement, by: number): void {
  const cards = [...document.querySelectorAll<HTMLElement>('.b-canvas .bf-field')];
  cards[cards.indexOf(card) + by]?.focus();
}
