/** The settings of the chosen column; else the bench, and what the table is called. */
import { useDraft, useOpen } from '../context';
import { Naming } from '../parts/Naming';
import { Bench } from './Bench';
import { ColumnInspector } from './ColumnInspector';
import type { Side, Table } from './types';

export function Inspector() {
  const place = useOpen((open) => open.selection[0]);
  const draft = useDraft((found: Table) => found);
  if (place?.group === 'inputs' || place?.group === 'outputs') {
    const side: Side = place.group;
    const index = draft[side].findIndex((one) => one.uid === place.uid);
    const column = draft[side][index];
    if (column) return <ColumnInspector key={column.uid} side={side} column={column} pointer={`/${side}/${index}`} />;
  }
  return (
    <>
      <Bench />
      <div className="bt-whole"><Naming /></div>
    </>
  );
}
