/** Several selected: how many, line them up, copy or delete them. */
import { AlignHorizontalJustifyCenter, AlignVerticalJustifyCenter, Copy, Trash2 } from 'lucide-react';

import { t } from '../../core/i18n';
import type { Place, WorkflowDoc } from '../../core/types';
import { useDocument, useOpen } from '../context';
import { useSelectionVerbs } from '../keys';
import { aligned } from './edits';

export function ManyInspector({ places }: { places: readonly Place[] }) {
  const store = useDocument<WorkflowDoc>();
  const readOnly = useOpen((open) => open.readOnly);
  const { remove, duplicate } = useSelectionVerbs();
  const nodes = places.filter((place) => place.group === 'nodes').map((place) => place.uid);
  const align = (axis: 'x' | 'y') => store.verbs.change((doc) => aligned(doc, nodes, axis));
  return (
    <>
      <header className="b-inspector-head">
        <h2>{t('builder.many', { nodes: nodes.length, edges: places.length - nodes.length })}</h2>
      </header>
      {!readOnly && (
        <div className="b-stack">
          {nodes.length > 1 && (
            <div className="b-row">
              <button className="button small" onClick={() => align('y')}>
                <AlignHorizontalJustifyCenter size={14} aria-hidden />
                {t('builder.align.row')}
              </button>
              <button className="button small" onClick={() => align('x')}>
                <AlignVerticalJustifyCenter size={14} aria-hidden />
                {t('builder.align.column')}
              </button>
            </div>
          )}
          <div className="b-row">
            {nodes.length > 0 && (
              <button className="button small" onClick={duplicate}>
                <Copy size={14} aria-hidden />
                {t('builder.keys.duplicate')}
              </button>
            )}
            <button className="button small danger" onClick={remove}>
              <Trash2 size={14} aria-hidden />
              {t('builder.delete')}
            </button>
          </div>
        </div>
      )}
    </>
  );
}
