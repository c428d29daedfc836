/** The palette: field types in groups, found by their names in any language; dragged, clicked or entered into the form. */
import { LayoutList, Search } from 'lucide-react';
import { useState } from 'react';

import { pick, t } from '../../core/i18n';
import { useLibrary, useOpen } from '../context';
import { lift } from '../drag/lift';
import { Icon } from '../parts/Icon';
import { useAdding } from './adding';
import { useView } from './Around';
import { grouped } from './palette-groups';

export function Palette() {
  const [wanted, setWanted] = useState('');
  const [view] = useView();
  const readOnly = useOpen((open) => open.readOnly);
  const types = useLibrary((library) => library.vocabulary.fields);
  const add = useAdding();
  const groups = grouped(types, wanted);
  const closed = readOnly || view === 'preview';
  return (
    <div className="bf-palette">
      <label className="bf-search">
        <Search size={14} aria-hidden />
        <input className="input" type="search" placeholder={t('builder.form.search')} aria-label={t('builder.form.search')} value={wanted} onChange={(event) => setWanted(event.target.value)} />
      </label>
      {groups.map(({ group, found }) => (
        <section key={group}>
          <h3>{t(`builder.form.group.${group}`)}</h3>
          <ul>
            {found.map((type) => (
              <li key={type.name}>
                <Item title={pick(type.title)} help={pick(type.help)} icon={<Icon name={type.icon} size={15} />} what="fields" disabled={closed} add={() => add.field(type.name)} drop={(fall) => add.field(type.name, fall)} />
              </li>
            ))}
          </ul>
        </section>
      ))}
      {!groups.length && <p className="muted small">{t('builder.form.search.none')}</p>}
      <section>
        <h3>{t('builder.form.group.sections')}</h3>
        <Item title={t('builder.group.sections')} help={t('builder.form.section.help')} icon={<LayoutList size={15} strokeWidth={1.75} aria-hidden />} what="sections" disabled={closed} add={() => add.section()} drop={(fall) => add.section(fall)} />
      </section>
    </div>
  );
}

interface ItemProps {
  title: string;
  help: string;
  icon: React.ReactNode;
  what: 'fields' | 'sections';
  disabled: boolean;
  add(): void;
  drop: Parameters<typeof lift>[1]['drop'];
}

function Item({ title, help, icon, what, disabled, add, drop }: ItemProps) {
  return (
    <button
      type="button" className="bf-item" title={help} disabled={disabled} onClick={add}
      onPointerDown={(event) => disabled || lift(event.nativeEvent, { what, label: title, drop })}
    >
      {icon}
      <span>{title}</span>
    </button>
  );
}

