/** What a field will look like, drawn and not usable: one small drawing a type, a plain line for those it does not know. */
import { Calendar, ChevronDown, Clock, EyeOff, ImagePlus, Info, ListOrdered, Search, Sigma, Upload } from 'lucide-react';
import type { ReactNode } from 'react';

import { columnsOf, withColumns } from '../../core/fields';
import { formulaWords } from '../../core/formula-words';
import { pick, t, when } from '../../core/i18n';
import type { Field, Option, Text } from '../../core/types';
import { useFields } from '../fields';

type Draw = (field: Field) => ReactNode;

const DRAWINGS: Record<string, Draw> = {
  textarea: (field) => <Line tall>{placeholder(field)}</Line>,
  number: (field) => <Line end={pick(field.config?.['unit'] as Text)}>{given(field)}</Line>,
  money: (field) => <Line end={String(field.config?.['currency'] ?? 'CNY')} amount>{given(field) || <span className="muted">0.00</span>}</Line>,
  date: (field) => <Line end={<Calendar size={14} aria-hidden />}>{given(field) === 'today' ? t('builder.today') : given(field) || <span className="muted">2026-01-31</span>}</Line>,
  moment: (field) => <Line end={<Clock size={14} aria-hidden />}>{when(given(field)) || <span className="muted">2026-01-31 09:30</span>}</Line>,
  choice: (field) => (field.config?.['style'] === 'radio' ? <Pills field={field} /> : <Line end={<ChevronDown size={14} aria-hidden />}>{chosen(field) || <span className="muted">{t('builder.choose')}</span>}</Line>),
  choices: (field) => <Pills field={field} square />,
  boolean: (field) => <div className="bf-pills">{[true, false].map((one) => <span key={String(one)} className={field.default === one ? 'bf-pill bf-on' : 'bf-pill'}>{t(one ? 'builder.form.yes' : 'builder.form.no')}</span>)}</div>,
  rating: (field) => <div className="bf-stars" aria-hidden>{Array.from({ length: Number(field.config?.['max'] ?? 5) }, (_, index) => <span key={index} className={index < Number(field.default ?? 0) ? 'bf-on' : ''}>★</span>)}</div>,
  cascade: () => <Line end={<ChevronDown size={14} aria-hidden />}><span className="muted">{t('builder.form.look.cascade')}</span></Line>,
  scale: (field) => <Scale field={field} />,
  hidden: (field) => <Line end={<EyeOff size={14} aria-hidden />} quiet>{given(field)}</Line>,
  region: (field) => <Place field={field} />,
  person: () => <Line end={<Search size={14} aria-hidden />}><span className="muted">{t('builder.form.look.person')}</span></Line>,
  unit: () => <Line end={<Search size={14} aria-hidden />}><span className="muted">{t('builder.form.look.unit')}</span></Line>,
  record: () => <Line end={<Search size={14} aria-hidden />}><span className="muted">{t('builder.form.look.record')}</span></Line>,
  files: (field) => <UploadBox images={field.config?.['accept'] === 'images'} most={Number(field.config?.['max'] ?? 9)} />,
  serial: (field) => <Line end={<ListOrdered size={14} aria-hidden />} quiet><span className="muted">{numbered(field)}</span></Line>,
  subform: (field) => <Table field={field} />,
  formula: (field) => <Calculated field={field} />,
  formula_text: (field) => <Calculated field={field} />,
  formula_date: (field) => <Calculated field={field} />,
  note: (field) => <p className="bf-note"><Info size={15} aria-hidden />{pick(field.help) || t('builder.form.look.note')}</p>,
};

export function FieldPreview({ field }: { field: Field }) {
  const draw = DRAWINGS[field.type];
  return <div className="bf-look" aria-hidden>{draw ? draw(field) : <Line>{placeholder(field)}</Line>}</div>;
}

/** These take the whole width whatever their setting says: so do the pages. */
const ALWAYS_WIDE = ['textarea', 'note', 'files', 'region', 'subform'];

export function isWide(field: Field): boolean {
  return field.width === 'full' || ALWAYS_WIDE.includes(field.type);
}

export function mayBeHalf(type: string): boolean {
  return !ALWAYS_WIDE.includes(type);
}

interface LineProps {
  end?: ReactNode;
  tall?: boolean;
  amount?: boolean;
  quiet?: boolean;
  children?: ReactNode;
}

function Line({ end, tall, amount, quiet, children }: LineProps) {
  return (
    <div className="bf-line" data-tall={tall || undefined} data-amount={amount || undefined} data-quiet={quiet || undefined}>
      <span>{children}</span>
      {end && <span className="bf-end">{end}</span>}
    </div>
  );
}

function Calculated({ field }: { field: Field }) {
  const words = formulaWords(String(field.config?.['formula'] ?? ''), withColumns(useFields()));
  return <Line end={<Sigma size={14} aria-hidden />} quiet><code>{words || t('builder.form.look.formula')}</code></Line>;
}

function optionsOf(field: Field): Option[] {
  const found = field.config?.['options'];
  return Array.isArray(found) ? found : [];
}

function Pills({ field, square }: { field: Field; square?: boolean }) {
  const isOn = (key: string) => (Array.isArray(field.default) ? field.default.includes(key) : field.default === key);
  const options = optionsOf(field);
  return (
    <div className="bf-pills">
      {options.slice(0, 12).map((option) => (
        <span key={option.uid} className={`bf-pill${square ? ' bf-square' : ''}${isOn(option.key) ? ' bf-on' : ''}`} data-tone={option.tone}>{pick(option.title) || option.key}</span>
      ))}
      {options.length > 12 && <span className="muted small">{t('builder.form.look.more', { count: options.length - 12 })}</span>}
      {!options.length && <span className="muted small">{t('builder.form.look.no_options')}</span>}
    </div>
  );
}

function Scale({ field }: { field: Field }) {
  const { min = 0, max = 10, low, high } = (field.config ?? {}) as { min?: number; max?: number; low?: Text; high?: Text };
  return (
    <>
      <div className="bf-pills">{Array.from({ length: max - min + 1 }, (_, at) => <span key={at} className={field.default === min + at ? 'bf-pill bf-on' : 'bf-pill'}>{min + at}</span>)}</div>
      {(low || high) && <p className="muted small">{[pick(low), pick(high)].filter(Boolean).join(' — ')}</p>}
    </>
  );
}

/** As its first number would look. */
function numbered(field: Field): string {
  const parts = (field.config?.['parts'] ?? []) as Record<string, string | number>[];
  const day = new Date().toISOString().replaceAll('-', '');
  const words: Record<string, (one: Record<string, string | number>) => string> = {
    counter: ({ digits }) => String(field.config?.['start'] ?? 1).padStart(Number(digits ?? 4), '0'),
    date: ({ date }) => day.slice(0, String(date ?? 'yyyyMMdd').length),
    text: ({ text }) => String(text ?? ''),
    field: ({ field: key }) => `{${key ?? ''}}`,
  };
  return parts.map((one) => words[String(one['part'])]?.(one) ?? '').join('');
}

function Table({ field }: { field: Field }) {
  const columns = columnsOf(field);
  return (
    <table className="bf-table">
      <thead><tr>{columns.map((one) => <th key={one.uid}>{pick(one.title) || one.key}{one.required ? ' *' : ''}</th>)}</tr></thead>
      <tbody><tr>{columns.map((one) => <td key={one.uid}>{one.total ? t('builder.form.look.total') : ''}</td>)}</tr></tbody>
    </table>
  );
}

function Place({ field }: { field: Field }) {
  const levels = ['province', 'city', 'district'].slice(0, Number(field.config?.['levels'] ?? 3));
  return (
    <div className="bf-place">
      {levels.map((level) => <Line key={level} end={<ChevronDown size={14} aria-hidden />}><span className="muted">{t(`builder.region.${level}`)}</span></Line>)}
      {field.config?.['detail'] === true && <Line><span className="muted">{t('builder.form.look.detail')}</span></Line>}
    </div>
  );
}

function UploadBox({ images, most }: { images: boolean; most: number }) {
  const Sign = images ? ImagePlus : Upload;
  return <div className="bf-upload"><Sign size={16} aria-hidden />{t(images ? 'builder.form.look.photos' : 'builder.form.look.files', { count: most })}</div>;
}

function placeholder(field: Field): ReactNode {
  return given(field) || <span className="muted">{pick(field.config?.['placeholder'] as Text)}</span>;
}

function given(field: Field): string {
  return field.default === undefined || field.default === null ? '' : String(field.default);
}

function chosen(field: Field): string {
  const option = optionsOf(field).find((one) => one.key === field.default);
  return option ? pick(option.title) || option.key : '';
}
