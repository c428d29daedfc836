/** The words of a note, in each language. */
import { StickyNote } from 'lucide-react';

import { t } from '../../core/i18n';
import type { Note, WorkflowDoc } from '../../core/types';
import { useOpen, useVerbs } from '../context';
import { Setting } from '../parts/Setting';
import { TextBox } from '../parts/TextBox';
import { setNote } from './notes';
import { SelectionButtons } from './SelectionButtons';

export function NoteInspector({ note }: { note: Note }) {
  const { change } = useVerbs<WorkflowDoc>();
  const readOnly = useOpen((open) => open.readOnly);
  return (
    <>
      <header className="b-inspector-head" data-family="note">
        <span className="b-step-icon">
          <StickyNote size={18} aria-hidden />
        </span>
        <div>
          <h2>{t('builder.note')}</h2>
          <p className="b-help">{t('builder.note.help')}</p>
        </div>
      </header>
      <Setting label={t('builder.note.text')}>
        <TextBox
          label={t('builder.note.text')}
          rows={5}
          value={note.text}
          disabled={readOnly}
          onChange={(text) => change((doc) => setNote(doc, note.uid, text ?? note.text), `note/${note.uid}`)}
        />
      </Setting>
      <SelectionButtons className="b-part" />
    </>
  );
}
