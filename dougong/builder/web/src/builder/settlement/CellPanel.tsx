/** What a dimension must be: anything, some values, none of some, or a range that holds its lower bound and not its upper one. */
import { useState } from 'react';

import { pick, t } from '../../core/i18n';
import { Chips } from '../parts/Chips';
import { DayBox } from '../parts/DayBox';
import { NumberBox } from '../parts/NumberBox';
import { RegionPick } from '../parts/RegionPick';
import { Switch } from '../parts/Switch';
import { readNumeric } from './reading';
import type { Cell, Input } from './types';
import { daysWords, optionsOf, spanWords } from './words';

type Mode = 'any' | 'in' | 'not_in' | 'range';

const MODES: Record<string, readonly Mode[]> = {
  number: ['any', 'range', 'in'],
  date: ['any', 'range'],
  boolean: ['any', 'in'],
};

interface Props {
  cell: Cell | undefined;
  input: Input;
  kind: string;
  onChange(cell: Cell | undefined): void;
}

export function CellPanel({ cell, input, kind, onChange }: Props) {
  const modes = MODES[kind] ?? ['any', 'in', 'not_in'];
  const [mode, setMode] = useState<Mode>(() => modeOf(cell, kind));
  const values = cell && 'in' in cell ? cell.in : cell && 'not_in' in cell ? cell.not_in : [];
  const choose = (next: Mode) => {
    setMode(next);
    if (next === 'any') onChange(undefined);
    else if ((next === 'in' || next === 'not_in') && values.length) onChange(listed(next, values));
  };
  const give = (found: string[]) => onChange(found.length ? listed(mode, found) : undefined);
  return (
    <>
      <div className="b-label">{pick(input.title) || input.key}</div>
      <Switch label={t('builder.settlement.cell')} value={mode} choices={modes.map((value) => ({ value, title: t(`builder.settlement.cell.${value}`) }))} autoFocus onChange={choose} />
      {mode === 'range' && <RangeBox cell={cell && ('from' in cell || 'below' in cell) ? cell : {}} kind={kind} onChange={onChange} />}
      {(mode === 'in' || mode === 'not_in') && <Values input={input} kind={kind} values={values} onChange={give} />}
      {mode === 'any' && <p className="b-help">{t('builder.settlement.cell.any.help')}</p>}
    </>
  );
}

function modeOf(cell: Cell | undefined, kind: string): Mode {
  if (cell) return 'in' in cell ? 'in' : 'not_in' in cell ? 'not_in' : 'range';
  return kind === 'number' || kind === 'date' ? 'range' : 'in';
}

function listed(mode: Mode, values: string[]): Cell {
  return mode === 'not_in' ? { not_in: values } : { in: values };
}

interface ValuesProps {
  input: Input;
  kind: string;
  values: string[];
  onChange(values: string[]): void;
}

function Values({ input, kind, values, onChange }: ValuesProps) {
  const label = pick(input.title) || input.key;
  const options = kind === 'boolean' ? ['true', 'false'].map((key) => ({ uid: key, key, title: { 'zh-Hans': t(`builder.form.${key === 'true' ? 'yes' : 'no'}`) } })) : optionsOf(input);
  if (kind === 'region') return <RegionPick label={label} values={values} onChange={onChange} />;
  if (kind === 'number') return <Chips label={label} values={values} onChange={(words) => onChange(words.map((word) => readNumeric(word)).filter((word) => word !== null))} />;
  if (kind !== 'choice' && kind !== 'boolean') return <Chips label={label} values={values} onChange={onChange} />;
  if (!options.length) return <p className="b-help">{t('builder.form.look.no_options')}</p>;
  const toggle = (key: string, on: boolean) => onChange(options.map((option) => option.key).filter((one) => (one === key ? on : values.includes(one))));
  return (
    <div className="bs-checks" role="group" aria-label={label}>
      {options.map((option) => (
        <label key={option.uid} className="b-check">
          <input type="checkbox" checked={values.includes(option.key)} onChange={(event) => toggle(option.key, event.target.checked)} />
          {pick(option.title) || option.key}
        </label>
      ))}
    </div>
  );
}

interface RangeProps {
  cell: { from?: string; below?: string };
  kind: string;
  onChange(cell: Cell | undefined): void;
}

export function RangeBox({ cell, kind, onChange }: RangeProps) {
  const give = (part: { from?: string | undefined; below?: string | undefined }) => {
    const { from, below } = { ...cell, ...part };
    onChange(from || below ? { ...(from ? { from } : {}), ...(below ? { below } : {}) } : undefined);
  };
  const box = (end: 'from' | 'below') => {
    const label = t(`builder.settlement.cell.${end}`);
    if (kind === 'date') return <DayBox label={label} value={cell[end] ?? ''} onChange={(day) => give({ [end]: day })} />;
    return <NumberBox label={label} value={cell[end]} onChange={(value) => give({ [end]: value })} />;
  };
  const said = (kind === 'date' ? daysWords(cell) : spanWords(cell.from, cell.below)) || t('settlement.span.all');
  return (
    <div className="b-stack">
      <div className="bs-range">
        <div><span aria-hidden>{t('builder.settlement.cell.from')}</span>{box('from')}</div>
        <div><span aria-hidden>{t('builder.settlement.cell.below')}</span>{box('below')}</div>
      </div>
      <p className="b-help">{said}</p>
    </div>
  );
}
