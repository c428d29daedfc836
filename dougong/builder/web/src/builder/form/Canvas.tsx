/** The canvas of a form: its sections as cards, or the page that people will see. */
import { Eye, Monitor, PencilRuler, Plus, Smartphone } from 'lucide-react';
import { useState } from 'react';

import { t } from '../../core/i18n';
import type { FormDoc } from '../../core/types';
import { useDraft, useOpen, useVerbs } from '../context';
import { useAdding } from './adding';
import { useView, type View } from './Around';
import { DeleteGuard } from './DeleteGuard';
import { Preview, type Width } from './Preview';
import { SectionCard } from './SectionCard';

export function Canvas() {
  const [view, setView] = useView();
  const [width, setWidth] = useState<Width>('desktop');
  const readOnly = useOpen((open) => open.readOnly);
  return (
    <div className="bf-canvas">
      {!readOnly && (
        <div className="bf-canvas-head">
          <Switch<View> label={t('builder.form.view')} value={view} choices={VIEWS} onChange={setView} />
          <div className="b-fill" />
          {view === 'preview' && <Switch<Width> label={t('builder.form.width')} value={width} choices={WIDTHS} onChange={setWidth} />}
        </div>
      )}
      {view === 'preview' && !readOnly ? <Preview width={width} /> : <Drawing />}
    </div>
  );
}

const VIEWS = [['draw', PencilRuler], ['preview', Eye]] as const;
const WIDTHS = [['desktop', Monitor], ['phone', Smartphone]] as const;

interface SwitchProps<V extends string> {
  label: string;
  value: V;
  choices: readonly (readonly [V, typeof Eye])[];
  onChange(value: V): void;
}

function Switch<V extends string>({ label, value, choices, onChange }: SwitchProps<V>) {
  return (
    <div className="b-switch bf-switch" role="radiogroup" aria-label={label}>
      {choices.map(([one, Sign]) => (
        <button key={one} type="button" role="radio" aria-checked={one === value} onClick={() => onChange(one)}>
          <Sign size={14} aria-hidden />{t(`builder.form.view.${one}`)}
        </button>
      ))}
    </div>
  );
}

function Drawing() {
  const sections = useDraft((draft: FormDoc) => draft.sections);
  const readOnly = useOpen((open) => open.readOnly);
  const { select } = useVerbs();
  const add = useAdding();
  return (
    <DeleteGuard>
      <div className="bf-drawing" data-zone="sections" data-zone-id="form" onClick={(event) => event.target === event.currentTarget && select([])}>
        {sections.map((section) => <SectionCard key={section.uid} section={section} only={sections.length === 1} />)}
        {!sections.length && <p className="bf-empty">{t('builder.form.empty')}</p>}
        {!readOnly && (
          <button type="button" className="button bf-add-section" onClick={() => add.section()}>
            <Plus size={15} aria-hidden />{t('builder.form.add_section')}
          </button>
        )}
      </div>
    </DeleteGuard>
  );
}
