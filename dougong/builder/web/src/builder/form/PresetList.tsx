/** The preset fields of the palette, folded away by trade until they are looked for. */
import { ChevronRight } from 'lucide-react';

import { fieldType } from '../../core/library';
import { pick, t } from '../../core/i18n';
import { useLibrary } from '../context';
import type { Fall } from '../drag/lift';
import { Icon } from '../parts/Icon';
import { Item } from './Item';
import type { Preset, Trade } from './presets';

interface Props {
  trades: readonly Trade[];
  /** Something is looked for: all that was found is open. */
  open: boolean;
  disabled: boolean;
  add(preset: Preset, fall?: Fall): void;
}

export function PresetList({ trades, open, disabled, add }: Props) {
  const library = useLibrary((found) => found);
  const about = (preset: Preset) => fieldType(library, preset.type);
  return (
    <section className="bf-presets">
      <h3>{t('builder.form.presets')}</h3>
      {trades.map((trade) => (
        <details key={`${trade.key} ${String(open)}`} open={open}>
          <summary>
            <ChevronRight size={14} aria-hidden />
            <span>{pick(trade.title)}</span>
            <span className="muted small">{trade.found.length}</span>
          </summary>
          <ul>
            {trade.found.map((preset) => (
              <li key={preset.key}>
                <Item
                  title={pick(preset.title)} help={pick(about(preset)?.title)} icon={<Icon name={about(preset)?.icon ?? ''} size={15} />} what="fields"
                  disabled={disabled} add={() => add(preset)} drop={(fall) => add(preset, fall)}
                />
              </li>
            ))}
          </ul>
        </details>
      ))}
    </section>
  );
}
