/** The palette: field types in groups and preset fields by trade, found by their names in any language; dragged, clicked or entered into the form. */
import { LayoutList } from 'lucide-react';
import { useState } from 'react';

import { pick, t } from '../../core/i18n';
import { useLibrary, useOpen } from '../context';
import { Icon } from '../parts/Icon';
import { SearchBox } from '../parts/SearchBox';
import { useAdding } from './adding';
import { useView } from './Around';
import { Item } from './Item';
import { grouped } from './palette-groups';
import { PresetList } from './PresetList';
import { found, usePresets } from './presets';

export function Palette() {
  const [wanted, setWanted] = useState('');
  const [view] = useView();
  const readOnly = useOpen((open) => open.readOnly);
  const types = useLibrary((library) => library.vocabulary.fields);
  const presets = usePresets();
  const add = useAdding();
  const groups = grouped(types, wanted);
  const trades = presets ? found(presets, wanted) : [];
  const closed = readOnly || view === 'preview';
  const enter = () => {
    if (closed) return;
    const [type] = groups.flatMap((group) => group.found);
    const [preset] = trades.flatMap((trade) => trade.found);
    if (type) add.field(type.name);
    else if (preset) add.preset(preset);
  };
  return (
    <div className="bf-palette">
      <SearchBox label={t('builder.form.search')} value={wanted} onChange={setWanted} enter={enter} />
      {groups.map(({ group, found: inside }) => (
        <section key={group}>
          <h3>{t(`builder.form.group.${group}`)}</h3>
          <ul>
            {inside.map((type) => (
              <li key={type.name}>
                <Item title={pick(type.title)} help={pick(type.help)} icon={<Icon name={type.icon} size={15} />} what="fields" disabled={closed} add={() => add.field(type.name)} drop={(fall) => add.field(type.name, fall)} />
              </li>
            ))}
          </ul>
        </section>
      ))}
      {!groups.length && !trades.length && <p className="muted small">{t('builder.form.search.none')}</p>}
      <section>
        <h3>{t('builder.form.group.sections')}</h3>
        <Item title={t('builder.group.sections')} help={t('builder.form.section.help')} icon={<LayoutList size={15} strokeWidth={1.75} aria-hidden />} what="sections" disabled={closed} add={() => add.section()} drop={(fall) => add.section(fall)} />
      </section>
      {trades.length > 0 && <PresetList trades={trades} open={Boolean(wanted.trim())} disabled={closed} add={add.preset} />}
    </div>
  );
}
