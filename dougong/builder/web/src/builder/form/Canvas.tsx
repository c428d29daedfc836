/** The canvas of a form: its sections as cards, or the page that people will see. */
import { Eye, Monitor, PencilRuler, Plus, Printer, Smartphone } from 'lucide-react';
import { useState } from 'react';

import { t } from '../../core/i18n';
import type { FormDoc } from '../../core/types';
import { useDraft, useOpen, useVerbs } from '../context';
import { Switch, type SwitchChoice } from '../parts/Switch';
import { useAdding } from './adding';
import { useView, type View } from './Around';
import { Preview, type Width } from './Preview';
import { SectionCard } from './SectionCard';

export function Canvas() {
  const [view, setView] = useView();
  const [width, setWidth] = useState<Width>('desktop');
  const readOnly = useOpen((open) => open.readOnly);
  const printed = useOpen((open) => open.kind === 'form');
  const widths = WIDTHS.filter(([name]) => printed || name !== 'paper');
  return (
    <div className="bf-canvas">
      {!readOnly && (
        <div className="bf-canvas-head">
          <Switch<View> label={t('builder.form.view')} value={view} choices={VIEWS.map(choice)} onChange={setView} />
          <div className="b-fill" />
          {view === 'preview' && <Switch<Width> label={t('builder.form.width')} value={width} choices={widths.map(choice)} onChange={setWidth} />}
        </div>
      )}
      {view === 'preview' && !readOnly ? <Preview width={width} /> : <Drawing />}
    </div>
  );
}

const VIEWS = [['draw', PencilRuler], ['preview', Eye]] as const;
const WIDTHS = [['desktop', Monitor], ['phone', Smartphone], ['paper', Printer]] as const;

function choice<V extends View | Width>([value, Sign]: readonly [V, typeof Eye]): SwitchChoice<V> {
  return { value, title: <><Sign size={14} aria-hidden />{t(`builder.form.view.${value}`)}</> };
}

function Drawing() {
  const sections = useDraft((draft: FormDoc) => draft.sections);
  const readOnly = useOpen((open) => open.readOnly);
  const { select } = useVerbs();
  const add = useAdding();
  return (
    <div className="bf-drawing" data-zone="sections" data-zone-id="form" onClick={(event) => event.target === event.currentTarget && select([])}>
      {sections.map((section) => <SectionCard key={section.uid} section={section} only={sections.length === 1} />)}
      {!sections.length && <p className="bf-empty">{t('builder.form.empty')}</p>}
      {!readOnly && (
        <button type="button" className="button bf-add-section" onClick={() => add.section()}>
          <Plus size={15} aria-hidden />{t('builder.form.add_section')}
        </button>
      )}
    </div>
  );
}
