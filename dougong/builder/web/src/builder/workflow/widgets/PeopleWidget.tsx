/** Who: a role, a role within a unit, a unit, its head or one above, the person in a field, the initiator, an earlier handler, everybody who approved, the customer. */
import { pick, t } from '../../../core/i18n';
import { documentOf, documentsOf } from '../../../core/library';
import type { TableDoc, WorkflowDoc } from '../../../core/types';
import { useDraft, useLibrary, useOpen, useSurroundings } from '../../context';
import type { WidgetProps } from '../../config/widget';
import { fieldChoices, useFields } from '../../fields';
import { NewDocument } from '../../parts/NewDocument';
import { NumberBox } from '../../parts/NumberBox';
import { Pick } from '../../parts/Pick';
import type { Unit, Who } from '../meaning';
import { TableInputs, useTable } from './TableWidgets';

const WAYS: Who['by'][] = ['role', 'role_in_unit', 'unit', 'unit_head', 'nth_head', 'heads_up', 'person_field', 'initiator', 'handler', 'approvers', 'chosen', 'customer', 'table'];
const UNITS: Unit['of'][] = ['initiator', 'field', 'region'];
const NEEDS: Partial<Record<Who['by'], (keyof Who)[]>> = {
  role: ['role'],
  role_in_unit: ['role', 'unit'],
  unit: ['unit'],
  unit_head: ['unit'],
  nth_head: ['unit', 'level'],
  heads_up: ['unit', 'level'],
  person_field: ['field'],
  handler: ['node'],
  table: ['table', 'inputs', 'output'],
};

export function PeopleWidget({ id, value, onChange, disabled }: WidgetProps) {
  const who = value as Who | undefined;
  const needs = (who && NEEDS[who.by]) ?? [];
  const set = (part: Partial<Who>) => who && onChange({ ...who, ...part });
  const fields = useFields();
  /** Where the form has one member field only, it is the one that is meant. */
  const choose = (by: Who['by']) => {
    const next = changed(who, by);
    const [only, more] = by === 'person_field' ? fields.filter((field) => field.kind === 'person') : [];
    onChange(only && !more ? { ...next, field: only.key } : next);
  };
  const choices = WAYS.map((by) => ({ value: by, title: t(`builder.who.${by}`) }));
  return (
    <div className="b-stack">
      <Pick id={id} value={who?.by} choices={choices} onChange={(by) => choose(by as Who['by'])} disabled={disabled} />
      {needs.includes('unit') && <UnitPart unit={who?.unit} onChange={(unit) => set({ unit })} disabled={disabled} />}
      {needs.includes('level') && <LevelPart who={who} onChange={(level) => set({ level })} disabled={disabled} />}
      {needs.includes('role') && <RolePart role={who?.role} onChange={(role) => set({ role })} disabled={disabled} />}
      {who?.by === 'role_in_unit' && <p className="b-help">{t('builder.who.role_in_unit.help')}</p>}
      {needs.includes('field') && <FieldPart kind="person" field={who?.field} onChange={(field) => set({ field })} disabled={disabled} />}
      {needs.includes('table') && <TablePart who={who} set={set} replace={onChange} disabled={disabled} />}
      {who?.by === 'chosen' && <ChosenPart who={who} replace={onChange} disabled={disabled} />}
      {needs.includes('node') && <StepPart node={who?.node} onChange={(node) => set({ node })} disabled={disabled} />}
    </div>
  );
}

/** Another way to say who; what it shares with the last is kept, what it does not know is left out. */
export function changed(who: Who | undefined, by: Who['by']): Who {
  const next: Who = { by };
  for (const part of NEEDS[by] ?? []) {
    if (part === 'inputs') next.inputs = who?.inputs ?? {};
    else if (part === 'level') next.level = who?.level ?? (by === 'nth_head' ? 1 : 2);
    else if (part === 'unit') next.unit = who?.unit ?? { of: 'initiator' };
    else if (who?.[part] !== undefined) Object.assign(next, { [part]: who[part] });
  }
  return next;
}

interface PartProps {
  disabled: boolean;
}

function RolePart({ role, onChange, disabled }: PartProps & { role: string | undefined; onChange(role: string): void }) {
  const library = useLibrary((found) => found);
  const { where } = useSurroundings();
  const choices = documentsOf(library, 'role').map((one) => ({ value: one.key, title: pick(one.title) || one.key }));
  return (
    <>
      <Pick label={t('builder.kind.role')} value={role} choices={choices} onChange={onChange} disabled={disabled} />
      {!disabled && <NewDocument kind="role" created={onChange} />}
      <p className="b-help">{t('builder.who.role.help')} <a href={`${where.base}/settings/bindings`} target="_blank" rel="noopener">{t('builder.who.role.people')}</a></p>
    </>
  );
}

function UnitPart({ unit, onChange, disabled }: PartProps & { unit: Unit | undefined; onChange(unit: Unit): void }) {
  const choices = UNITS.map((of) => ({ value: of, title: t(`builder.unit.${of}`) }));
  const fields = useFields();
  /** Where the form has one such field only, it is the one that is meant. */
  const choose = (of: string) => {
    const [only, more] = fields.filter((field) => field.kind === (of === 'field' ? 'unit' : of));
    onChange({ of: of as Unit['of'], ...(only && !more ? { field: only.key } : {}) });
  };
  return (
    <>
      <Pick label={t('builder.unit')} value={unit?.of} choices={choices} onChange={choose} disabled={disabled} />
      {unit && unit.of !== 'initiator' && (
        <FieldPart
          kind={unit.of === 'field' ? 'unit' : 'region'}
          field={unit.field}
          onChange={(field) => onChange({ ...unit, field })}
          disabled={disabled}
        />
      )}
    </>
  );
}

/** The first is the head of the unit itself, the second that of the unit above it. */
function LevelPart({ who, onChange, disabled }: PartProps & { who: Who | undefined; onChange(level: number): void }) {
  const label = t(`builder.who.${who?.by}.level`);
  return (
    <>
      <label className="b-level">
        <span>{label}</span>
        <NumberBox label={label} value={who?.level} integer min={1} max={20} disabled={disabled} onChange={(level) => level && onChange(Number(level))} />
      </label>
      <p className="b-help">{t(`builder.who.${who?.by}.help`)}</p>
    </>
  );
}

function FieldPart({ kind, field, onChange, disabled }: PartProps & { kind: string; field: string | undefined; onChange(field: string): void }) {
  const fields = useFields().filter((one) => one.kind === kind);
  if (!fields.length && !field) return <p className="b-help">{t(`builder.no_field_of.${kind}`)}</p>;
  return <Pick label={t('builder.condition.field')} value={field} choices={fieldChoices(fields)} onChange={onChange} disabled={disabled} />;
}

/** A table, the fields that it asks, and which of its outputs names the role; within a unit where one is said. */
function TablePart({ who, set, replace, disabled }: PartProps & { who: Who | undefined; set(part: Partial<Who>): void; replace(who: Who): void }) {
  const library = useLibrary((found) => found);
  const table = useTable(who?.table);
  const choices = documentsOf(library, 'table').map((one) => ({ value: one.key, title: pick(one.title) || one.key }));
  const roles = table?.outputs.filter((one) => one.type === 'role') ?? [];
  const choose = (key: string) => set({ table: key, inputs: {}, output: documentOf<TableDoc>(library, 'table', key)?.draft.outputs.find((one) => one.type === 'role')?.key ?? '' });
  const within = (on: boolean) => {
    const { unit: _, ...rest } = who ?? { by: 'table' };
    replace(on ? { ...rest, unit: { of: 'initiator' } } : rest);
  };
  return (
    <>
      <Pick label={t('builder.kind.table')} value={who?.table} choices={choices} onChange={choose} disabled={disabled} />
      {!disabled && <NewDocument kind="table" created={choose} />}
      {table && <TableInputs table={table} value={who?.inputs} onChange={(inputs) => set({ inputs })} disabled={disabled} />}
      {table && (roles.length ? <Pick label={t('builder.who.table.output')} value={who?.output} choices={roles.map((one) => ({ value: one.key, title: pick(one.title) || one.key }))} onChange={(output) => set({ output })} disabled={disabled} /> : <p className="b-help">{t('builder.who.table.no_role')}</p>)}
      <label className="b-check">
        <input type="checkbox" checked={Boolean(who?.unit)} disabled={disabled} onChange={(event) => within(event.target.checked)} />
        {t('builder.who.table.within')}
      </label>
      {who?.unit && <UnitPart unit={who.unit} onChange={(unit) => set({ unit })} disabled={disabled} />}
    </>
  );
}

/** Out of whom the initiator chooses, and how many. */
function ChosenPart({ who, replace, disabled }: PartProps & { who: Who; replace(who: Who): void }) {
  const library = useLibrary((found) => found);
  const roles = documentsOf(library, 'role').map((one) => ({ value: one.key, title: pick(one.title) || one.key }));
  /** A part that says nothing is left out. */
  const set = (key: keyof Who, value: unknown) => {
    const { [key]: _, ...rest } = who;
    replace({ ...rest, ...(value ? { [key]: value } : {}) } as Who);
  };
  const number = (key: 'least' | 'most', usual: number) => (
    <label className="b-level">
      <span>{t(`builder.who.chosen.${key}`)}</span>
      <NumberBox label={t(`builder.who.chosen.${key}`)} value={who[key] ?? usual} integer min={1} max={20} disabled={disabled} onChange={(next) => set(key, Number(next) === usual ? undefined : Number(next))} />
    </label>
  );
  return (
    <>
      <p className="b-help">{t('builder.who.chosen.help')}</p>
      <Pick label={t('builder.kind.role')} value={who.role} choices={roles} empty={t('builder.who.chosen.all')} onChange={(role) => set('role', role)} disabled={disabled} />
      <label className="b-check">
        <input type="checkbox" checked={Boolean(who.unit)} disabled={disabled} onChange={(event) => set('unit', event.target.checked ? { of: 'initiator' } : undefined)} />
        {t('builder.who.table.within')}
      </label>
      {who.unit && <UnitPart unit={who.unit} onChange={(unit) => set('unit', unit)} disabled={disabled} />}
      {number('least', 1)}
      {number('most', 20)}
    </>
  );
}

/** The steps that somebody handles: those whose type asks who. */
function StepPart({ node, onChange, disabled }: PartProps & { node: string | undefined; onChange(node: string): void }) {
  const nodes = useDraft((draft: WorkflowDoc) => draft.nodes);
  const types = useLibrary((found) => found.vocabulary.nodes);
  const here = useOpen((open) => open.selection[0]?.uid);
  const handled = new Set(types.filter((type) => type.config.properties?.['who']?.['x-widget'] === 'people').map((type) => type.name));
  const choices = nodes.filter((one) => handled.has(one.type) && one.uid !== here).map((one) => ({ value: one.uid, title: pick(one.title) }));
  return <Pick label={t('builder.who.handler')} value={node} choices={choices} onChange={onChange} disabled={disabled} />;
}
