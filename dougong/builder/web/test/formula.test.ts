/** The vectors that the server's tests run too: both sides read, calculate and refuse alike. */
import { expect, test } from 'vitest';

import { clockAt, dayParts } from '../src/core/clock';
import { plain } from '../src/core/decimal';
import { compileFormula, FormulaFault } from '../src/core/formula';
import { FUNCTIONS } from '../src/core/functions';
import { isDay, isNumber, type Value } from '../src/core/functions/type';
import type { Data, Kinds } from '../src/core/rules';
import given from '../../../schemas/vectors/formulas.json';

interface Vector {
  formula: string;
  data?: Data;
  now?: string;
  zone?: string;
  answer: unknown;
}

const { kinds, now, zone, vectors } = given as unknown as { kinds: Kinds; now: string; zone: string; vectors: Vector[] };

function answer(one: Vector): unknown {
  try {
    return written(compileFormula(one.formula, kinds).value(one.data ?? {}, clockAt(new Date(one.now ?? now), one.zone ?? zone)));
  } catch (fault) {
    if (!(fault instanceof FormulaFault)) throw fault;
    const expected = one.answer as { position?: number } | null;
    return { fault: fault.code, ...(expected?.position === undefined ? {} : { position: fault.params['position'] }) };
  }
}

function written(value: Value): unknown {
  if (isNumber(value)) return { number: plain(value) };
  if (!isDay(value)) return value;
  const { year, month, day } = dayParts(value.day);
  return { date: [String(year).padStart(4, '0'), ...[month, day].map((part) => String(part).padStart(2, '0'))].join('-') };
}

test.each(vectors.map((one) => [one.formula.slice(0, 80), one] as const))('%s', (_name, one) => expect(answer(one)).toEqual(one.answer));

test('every function is tried', () => {
  for (const name of Object.keys(FUNCTIONS)) expect(vectors.some(({ formula }) => formula.includes(`${name}(`)), name).toBe(true);
});
