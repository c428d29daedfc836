/** A section: its title to be written in place, its fields in two columns, what can be done with it. */
import { Copy, Trash2 } from 'lucide-react';

import { language, pick, t } from '../../core/i18n';
import type { FormDoc, Section } from '../../core/types';
import { useSentence } from '../conditions/sentences';
import { useDocument, useOpen, useVerbs } from '../context';
import { Grip } from '../drag/Grip';
import { useMark } from '../marks';
import { useRemove } from '../removal';
import { duplicatePlaces } from './edits/places';
import { moveSection, nudgeSection, setSection } from './edits/sections';
import { FieldCard } from './FieldCard';
import { Findings } from './Findings';

export function SectionCard({ section, only }: { section: Section; only: boolean }) {
  const { uid } = section;
  const place = { group: 'sections', uid };
  const mark = useMark(uid);
  const { change, select } = useVerbs<FormDoc>();
  const readOnly = useOpen((open) => open.readOnly);
  const selected = useOpen((open) => open.selection.some((one) => one.uid === uid));
  const shown = useSentence(section.visible_when);
  const name = pick(section.title) || t('builder.form.section.untitled');
  const write = (words: string) => change((doc) => setSection(doc, uid, 'title', { ...section.title, [language()]: words }), `title ${uid}`);
  return (
    <section className="bf-section card" data-item={uid} data-is={mark} data-card={uid} data-selected={selected || undefined} aria-label={name} onClick={() => select([place])}>
      <header>
        {!readOnly && <Grip uid={uid} label={name} what="sections" drop={(fall) => change((doc) => moveSection(doc, uid, fall.before))} move={(direction) => change((doc) => nudgeSection(doc, uid, direction === 'up' || direction === 'left' ? -1 : 1))} />}
        <input
          className="bf-title" aria-label={t('builder.form.section.title')} placeholder={t('builder.form.section.untitled')} maxLength={200} readOnly={readOnly} value={section.title?.[language()] ?? pick(section.title)}
          onChange={(event) => write(event.target.value)} onKeyDown={(event) => event.key === 'Enter' && select([place])} // not on focus: whoever tabs past it keeps what is selected
        />
        <Findings uid={uid} group="sections" />
        {!readOnly && <Tools section={section} name={name} only={only} />}
      </header>
      {pick(section.help) && <p className="b-help">{pick(section.help)}</p>}
      {shown && <p className="bf-when">{t('builder.form.shown_when', { when: shown })}</p>}
      <div className="bf-grid" data-zone="fields" data-zone-id={uid}>
        {section.fields.map((field) => <FieldCard key={field.uid} field={field} />)}
        {!section.fields.length && <p className="bf-empty">{t('builder.form.section.empty')}</p>}
      </div>
    </section>
  );
}

function Tools({ section, name, only }: { section: Section; name: string; only: boolean }) {
  const store = useDocument<FormDoc>();
  const remove = useRemove();
  const place = { group: 'sections', uid: section.uid };
  const duplicate = () => {
    const made = duplicatePlaces(store.getState().draft, [place]);
    store.verbs.change(() => made.draft);
    store.verbs.select(made.places);
  };
  return (
    <div className="bf-tools" onClick={(event) => event.stopPropagation()}>
      <button type="button" className="button quiet small icon-only" aria-label={t('builder.form.duplicate', { name })} title={t('builder.form.duplicate', { name })} onClick={duplicate}><Copy size={14} aria-hidden /></button>
      <button type="button" className="button quiet small icon-only" aria-label={t('builder.form.delete', { name })} title={t('builder.form.delete', { name })} disabled={only && !section.fields.length} onClick={() => remove([place])}><Trash2 size={14} aria-hidden /></button>
    </div>
  );
}
