/** Computed fields of a form that is being filled, from what stands in it now. Loaded where there are any; the server calculates again. */
import { quantized } from '../core/arithmetic';
import type { Clock } from '../core/clock';
import { fixed, plain } from '../core/decimal';
import { compileFormula, FormulaFault, type Formula } from '../core/formula';
import { said } from '../core/functions/texts';
import { isNumber, type Value } from '../core/functions/type';
import type { Data, Kinds } from '../core/rules';

const read = new Map<string, Formula | null>();

/** What a formula comes to: for conditions and other formulas, and in words. Nothing where there is no value (yet). */
export function computed(text: string, places: number | undefined, kinds: Kinds, data: Data, clock: Clock): { value: unknown; words: string } {
  try {
    const value = formula(text, kinds)?.words(data, clock) ?? null;
    const exact = isNumber(value) && places !== undefined ? quantized(value, places, 'half') : value;
    return { value: kept(exact, clock), words: isNumber(exact) && places !== undefined ? fixed(quantized(exact, places, 'half')) : said(exact, clock) };
  } catch (fault) {
    if (fault instanceof FormulaFault) return { value: null, words: '' };
    throw fault;
  }
}

/** As the server keeps it. */
function kept(value: Value, clock: Clock): unknown {
  if (isNumber(value)) return plain(value);
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? said(value, clock) : value;
}

function formula(text: string, kinds: Kinds): Formula | null {
  const key = `${text}\n${JSON.stringify(kinds)}`;
  if (!read.has(key)) read.set(key, compiled(text, kinds));
  return read.get(key) ?? null;
}

function compiled(text: string, kinds: Kinds): Formula | null {
  try {
    return compileFormula(text, kinds);
  } catch (fault) {
    if (fault instanceof FormulaFault) return null;
    throw fault;
  }
}
