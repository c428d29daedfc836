/** What depends on what holds. These ask only the arguments that they need: what is not chosen is not calculated. */
import { FormulaFault } from '../fault';
import { blank, isDay, isMoment, isNumber, RESULT, same, type Ask, type FunctionOf, type Value } from './type';

const ask = (asks: readonly Ask[], index: number): Value => asks[index]?.() ?? null;

/** Pairs of a question and an answer, from `start` on; what is left over is the last resort. */
function chosen(asks: readonly Ask[], start: number, holds: (value: Value) => boolean): Value {
  let index = start;
  for (; index + 1 < asks.length; index += 2) if (holds(ask(asks, index))) return ask(asks, index + 1);
  if (index < asks.length) return ask(asks, index);
  throw new FormulaFault('formula.no_case');
}

function orElse(value: Ask, otherwise: Ask): Value {
  try {
    return value();
  } catch (fault) {
    if (fault instanceof FormulaFault) return otherwise();
    throw fault;
  }
}

const lazy = { lazy: true };
const is = (holds: (value: Value) => boolean): FunctionOf => ({ takes: ['any'], gives: 'boolean', blanks: 1, call: ([value = null]) => holds(value) });

export const LOGIC: Record<string, FunctionOf> = {
  AND: { takes: ['[boolean]'], gives: 'boolean', ...lazy, call: (_, __, asks) => asks.every((one) => one()) },
  IF: { takes: ['boolean', RESULT, RESULT], gives: RESULT, ...lazy, call: (_, __, asks) => ask(asks, ask(asks, 0) ? 1 : 2) },
  IFBLANK: {
    takes: [RESULT, RESULT], gives: RESULT, blanks: 1, ...lazy,
    call: (_, __, asks) => {
      const found = ask(asks, 0);
      return blank(found) ? ask(asks, 1) : found;
    },
  },
  IFERROR: { takes: [RESULT, RESULT], gives: RESULT, ...lazy, call: (_, __, asks) => orElse(() => ask(asks, 0), () => ask(asks, 1)) },
  IFS: { takes: ['[boolean]', `[${RESULT}]`], gives: RESULT, rest: RESULT, ...lazy, call: (_, __, asks) => chosen(asks, 0, Boolean) },
  ISEMPTY: is(blank),
  ISNUMBER: is(isNumber),
  ISTEXT: is((value) => typeof value === 'string'),
  ISDATE: is((value) => isDay(value) || isMoment(value)),
  NOT: { takes: ['boolean'], gives: 'boolean', call: ([value]) => !value },
  OR: { takes: ['[boolean]'], gives: 'boolean', ...lazy, call: (_, __, asks) => asks.some((one) => one()) },
  SWITCH: {
    takes: ['any', '[any]', `[${RESULT}]`], gives: RESULT, rest: RESULT, ...lazy,
    call: (_, __, asks) => {
      const subject = ask(asks, 0);
      return chosen(asks, 1, (match) => same(subject, match));
    },
  },
  XOR: { takes: ['[boolean]'], gives: 'boolean', call: (values) => values.filter(Boolean).length % 2 === 1 },
};
