/** What is measured: of the lines at hand, or of all lines of a period and a group. */
import type { Config, Schema } from '../../core/types';
import { pick, t } from '../../core/i18n';
import { FormulaWidget } from '../config/FormulaWidget';
import { ObjectWidget } from '../config/ObjectWidget';
import type { WidgetProps } from '../config/widget';
import { useDraft, useLibrary } from '../context';
import { Pick } from '../parts/Pick';
import { Setting } from '../parts/Setting';
import { useMeasures } from './measures';
import type { Measure, Settlement } from './types';
import { measureWords } from './words';

/** Which of the measures it is, whatever it is measured over. */
function alone({ over: _, ...measure }: Measure): string {
  return JSON.stringify('formula' in measure ? { formula: '' } : measure);
}

/** A statement has no lines before it, it counts the whole period; a line is not measured by what was long before. */
function windowOf(table: 'line' | 'statement', { properties = {}, ...schema }: Schema): Schema {
  const other = table === 'statement' ? 'so_far' : 'earlier';
  return { ...schema, properties: Object.fromEntries(Object.entries(properties).filter(([key]) => key !== other)) };
}

export function MeasureBox({ id, value, onChange, pointer, disabled, empty, widgets, all }: WidgetProps) {
  const measure = value as Measure | undefined;
  const inputs = useDraft((draft: Settlement) => draft.inputs);
  const table = pointer.startsWith('/statement') ? 'statement' : 'line';
  const measures = useMeasures(table);
  const windows = useLibrary((library) => library.vocabulary.settlement?.['window']?.properties?.['over']);
  const window = windows && windowOf(table, windows);
  const choices = measures.map((one) => ({ value: JSON.stringify(one), title: measureWords(one, inputs) }));
  const over = (next: unknown) => {
    const { over: _, ...rest } = measure as Measure;
    onChange(next ? { ...rest, over: next as Config } : rest);
  };
  const choose = (text: string) => onChange(text ? { ...(JSON.parse(text) as Measure), ...(measure?.over ? { over: measure.over } : {}) } : undefined);
  return (
    <div className="b-stack">
      <Pick id={id} value={measure && alone(measure)} choices={choices} {...(empty === t('builder.none') ? { empty: t('builder.settlement.qualifier.same') } : {})} disabled={disabled} onChange={choose} />
      {measure && 'formula' in measure && <FormulaWidget id={`${id}-formula`} label={t('builder.settlement.measure.formula')} schema={{}} all={all} pointer={`${pointer}/formula`} value={measure.formula} disabled={disabled} onChange={(text) => onChange({ ...measure, formula: String(text ?? '') })} />}
      {measure && window && <Setting label={pick(window['x-title'])} help={pick(window['x-help'])}><ObjectWidget id={`${id}-over`} label={t('builder.settlement.over')} schema={window} value={measure.over} all={all} pointer={`${pointer}/over`} disabled={disabled} onChange={over} {...(widgets ? { widgets } : {})} /></Setting>}
    </div>
  );
}

MeasureBox.saysInner = true;
