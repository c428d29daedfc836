/** Edits of what stands in rows with dimensions: the price levels of lines, the tiers of statements, the terms. */
import { moved, nudged } from '../../../core/lists';
import { same } from '../../../core/same';
import type { Text } from '../../../core/types';
import { newUid } from '../../../core/uid';
import type { Cell, Charge, Dimension, PriceRule, RulesName, Settlement, TableName, Term, When } from '../types';

type Row = PriceRule | Term;

const NONE: readonly never[] = []; // always the same: what is read anew is not drawn anew

export function dimensionsOf(doc: Settlement, name: RulesName): readonly Dimension[] {
  return (name === 'terms' ? doc.term_dimensions : doc[name]?.dimensions) ?? NONE;
}

export function rowsOf(doc: Settlement, name: RulesName): readonly Row[] {
  return (name === 'terms' ? doc.terms : doc[name]?.rules) ?? NONE;
}

function withDimensions(doc: Settlement, name: RulesName, dimensions: readonly Dimension[]): Settlement {
  if (name === 'terms') return { ...doc, term_dimensions: dimensions as Dimension[] };
  return { ...doc, [name]: { ...doc[name], dimensions, rules: rowsOf(doc, name) } };
}

function withRows(doc: Settlement, name: RulesName, rows: readonly Row[]): Settlement {
  if (name === 'terms') return { ...doc, terms: rows as Term[] };
  return { ...doc, [name]: { ...doc[name], dimensions: dimensionsOf(doc, name), rules: rows as PriceRule[] } };
}

/** A table is there with no rules, or not at all. */
export function switchTable(doc: Settlement, name: TableName, on: boolean): Settlement {
  if (on === Boolean(doc[name])) return doc;
  const { [name]: _, ...rest } = doc;
  return (on ? { ...doc, [name]: { dimensions: [], rules: [] } } : rest) as Settlement;
}

/** An input is a dimension once; at the end of those that are there. */
export function addDimension(doc: Settlement, name: RulesName, input: string): Settlement {
  const known = dimensionsOf(doc, name);
  return known.some((one) => one.input === input) ? doc : withDimensions(doc, name, [...known, { uid: newUid(), input }]);
}

/** With all that the rules ask of it. */
export function removeDimension(doc: Settlement, name: RulesName, uid: string): Settlement {
  const rows = rowsOf(doc, name).map((row) => ({ ...row, when: without(row.when, uid) }));
  return withRows(withDimensions(doc, name, dimensionsOf(doc, name).filter((one) => one.uid !== uid)), name, rows);
}

export function moveDimension(doc: Settlement, name: RulesName, uid: string, by: -1 | 1): Settlement {
  const found = dimensionsOf(doc, name);
  const next = nudged(found, uid, by);
  return next === found ? doc : withDimensions(doc, name, next);
}

/** Rows that were made elsewhere, behind one of them; at the end where `after` is not there. */
export function insertRows(doc: Settlement, name: RulesName, fresh: readonly Row[], after?: string): Settlement {
  const rows = rowsOf(doc, name);
  const index = rows.findIndex((row) => row.uid === after);
  return withRows(doc, name, rows.toSpliced(index < 0 ? rows.length : index + 1, 0, ...fresh));
}

export function copyOfRow<R extends Row>(row: R): R {
  const copy = { ...row, uid: newUid() };
  const { charge } = copy as PriceRule;
  return charge?.tiers ? { ...copy, charge: { ...charge, tiers: charge.tiers.map((tier) => ({ ...tier, uid: newUid() })) } } : copy;
}

export function duplicateRows(doc: Settlement, name: RulesName, uids: readonly string[]): Settlement {
  const copies = rowsOf(doc, name).filter((row) => uids.includes(row.uid)).map(copyOfRow);
  return insertRows(doc, name, copies, uids.at(-1));
}

export function removeRows(doc: Settlement, name: RulesName, uids: readonly string[]): Settlement {
  return withRows(doc, name, rowsOf(doc, name).filter((row) => !uids.includes(row.uid)));
}

export function moveRow(doc: Settlement, name: RulesName, uid: string, before: string | undefined): Settlement {
  const rows = rowsOf(doc, name);
  const next = moved(rows, uid, before);
  return next === rows ? doc : withRows(doc, name, next);
}

export function nudgeRow(doc: Settlement, name: RulesName, uid: string, by: -1 | 1): Settlement {
  const rows = rowsOf(doc, name);
  const next = nudged(rows, uid, by);
  return next === rows ? doc : withRows(doc, name, next);
}

/** What a dimension must be in this row; undefined: anything. */
export function setCell(doc: Settlement, name: RulesName, uid: string, dimension: string, cell: Cell | undefined): Settlement {
  return changeRow(doc, name, uid, (row) => ({ ...row, when: cell ? { ...row.when, [dimension]: cell } : without(row.when, dimension) }));
}

export function setTitle(doc: Settlement, name: TableName, uid: string, title: Text | undefined): Settlement {
  return changeRow(doc, name, uid, (row) => {
    const { title: _, ...rest } = row as PriceRule;
    return title ? { ...rest, title } : rest;
  });
}

export function changeCharge(doc: Settlement, name: TableName, uid: string, change: (charge: Charge) => Charge): Settlement {
  return changeRow(doc, name, uid, (row) => ({ ...(row as PriceRule), charge: change((row as PriceRule).charge) }));
}

export function changeTerm(doc: Settlement, uid: string, part: Partial<Pick<Term, 'currency' | 'tax'>>): Settlement {
  return changeRow(doc, 'terms', uid, (row) => ({ ...(row as Term), ...part }));
}

export function changeRow(doc: Settlement, name: RulesName, uid: string, change: (row: Row) => Row): Settlement {
  const rows = rowsOf(doc, name);
  const row = rows.find((one) => one.uid === uid);
  if (!row) return doc;
  const next = change(row);
  return same(next, row) ? doc : withRows(doc, name, rows.map((one) => (one === row ? next : one)));
}

function without(when: When, uid: string): When {
  const { [uid]: _, ...rest } = when;
  return rest;
}

/** A new term: no condition yet, so that it fits everything that no earlier one fits. */
export function newTerm(doc: Settlement): Term {
  return { uid: newUid(), when: {}, currency: doc.currency, tax: { kind: 'inclusive', rate: '6' } };
}
