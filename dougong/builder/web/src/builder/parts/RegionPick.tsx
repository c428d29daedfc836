/** Provinces, cities or districts: what a cascade shows is chosen, coarse at first, then finer; chips for all that is. */
import { Plus } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useStore } from 'zustand';

import { t } from '../../core/i18n';
import { fullName } from '../../core/regions';
import { useRegionNames } from '../conditions/sentences';
import { useSurroundings } from '../context';
import { Chip } from './Chips';
import { Pick } from './Pick';

interface Props {
  label: string;
  values: readonly string[];
  onChange(values: string[]): void;
  disabled?: boolean;
}

const LEVELS = ['province', 'city', 'district'];

export function RegionPick({ label, values, onChange, disabled }: Props) {
  const names = useRegionNames(values);
  const [way, setWay] = useState<string[]>([]);
  const chosen = way.at(-1);
  const go = (next: string[]) => {
    const [finer, others] = [next.at(-1), values.filter((one) => one !== chosen)];
    setWay(next);
    onChange(finer && !others.includes(finer) ? [...others, finer] : others);
  };
  return (
    <div className="b-stack" role="group" aria-label={label}>
      {values.length > 0 && (
        <div className="b-chips">
          {values.map((code) => (
            <Chip
              key={code}
              title={fullName(code, names) ?? code}
              remove={disabled ? undefined : () => onChange(values.filter((one) => one !== code))}
            />
          ))}
        </div>
      )}
      {!disabled && (
        <div className="b-regions">
          {LEVELS.map((level, index) => (
            <Level
              key={level}
              level={level}
              parent={index ? way[index - 1] : ''}
              value={way[index]}
              onChange={(code) => go([...way.slice(0, index), ...(code ? [code] : [])])}
            />
          ))}
          <button type="button" className="button small icon-only" aria-label={t('builder.region.add')} disabled={!chosen} onClick={() => setWay([])}>
            <Plus size={14} aria-hidden />
          </button>
        </div>
      )}
    </div>
  );
}

function Level({
  level,
  parent,
  value,
  onChange,
}: {
  level: string;
  parent: string | undefined;
  value: string | undefined;
  onChange(code: string): void;
}) {
  const { regions } = useSurroundings();
  const options = useStore(regions, (found) => (parent === undefined ? undefined : found.children[parent]));
  useEffect(() => {
    if (parent !== undefined) void regions.load(parent);
  }, [regions, parent]);
  const choices = (options ?? []).map((one) => ({ value: one.code, title: one.name }));
  const words = t(`builder.region.${level}`);
  return <Pick label={words} value={value} choices={choices} empty={words} onChange={onChange} disabled={!choices.length} />;
}

export { useRegionNames };
