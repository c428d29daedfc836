/** The menu in the head of a column: its settings, its place, and away with it. */
import { ArrowLeft, ArrowRight, Settings2, Trash2 } from 'lucide-react';

import { t } from '../../core/i18n';
import type { Field } from '../../core/types';
import { useDraft, useVerbs } from '../context';
import { Menu } from '../parts/Menu';
import { useTaking } from '../removal';
import { titleOf } from '../settlement/words';
import { nudgeColumn, removeColumn, sideOf } from './edits';
import type { Table } from './types';

export function Head({ column }: { column: Field }) {
  const { change, select } = useVerbs<Table>();
  const take = useTaking();
  const side = useDraft((draft: Table) => sideOf(draft, column.uid)) ?? 'inputs';
  const uids = useDraft((draft: Table) => draft[side].map((one) => one.uid).join(' ')).split(' ');
  const index = uids.indexOf(column.uid);
  const item = (key: string, icon: React.ReactNode, act: () => void) => ({ key, title: <>{icon}{t(`builder.table.column.${key}`)}</>, act });
  const items = [
    item('settings', <Settings2 size={14} aria-hidden />, () => select([{ group: side, uid: column.uid }])),
    ...(index > 0 ? [item('left', <ArrowLeft size={14} aria-hidden />, () => change((doc) => nudgeColumn(doc, column.uid, -1)))] : []),
    ...(index < uids.length - 1 ? [item('right', <ArrowRight size={14} aria-hidden />, () => change((doc) => nudgeColumn(doc, column.uid, 1)))] : []),
    ...(uids.length > 1 ? [item('remove', <Trash2 size={14} aria-hidden />, () => take([{ group: side, uid: column.uid }], () => change((doc) => removeColumn(doc, column.uid))))] : []),
  ];
  return <Menu title="" label={t('builder.settlement.dimension.menu', { name: titleOf(column) })} className="b-head-menu" items={items} />;
}
