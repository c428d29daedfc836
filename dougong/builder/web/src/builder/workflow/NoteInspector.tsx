/** The words of a note, in each language. */
import { Copy, StickyNote, Trash2 } from 'lucide-react';

import { t } from '../../core/i18n';
import type { Note, WorkflowDoc } from '../../core/types';
import { useOpen, useVerbs } from '../context';
import { useSelectionVerbs } from '../keys';
import { Setting } from '../parts/Setting';
import { TextBox } from '../parts/TextBox';
import { setNote } from './notes';

export function NoteInspector({ note }: { note: Note }) {
  const { change } = useVerbs<WorkflowDoc>();
  const readOnly = useOpen((open) => open.readOnly);
  const { remove, duplicate } = useSelectionVerbs();
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
      {!readOnly && (
        <div className="b-row b-part">
          <button className="button small" onClick={duplicate}>
            <Copy size={14} aria-hidden />
            {t('builder.keys.duplicate')}
          </button>
          <button className="button small danger" onClick={() => remove()}>
            <Trash2 size={14} aria-hidden />
            {t('builder.delete')}
          </button>
        </div>
      )}
    </>
  );
}
