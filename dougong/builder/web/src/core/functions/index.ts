/** The functions of the formula language, with the answers that the server gives (`runtime/functions`, `schemas/vectors/formulas.json`). */
import { DATES } from './dates';
import { LISTS } from './lists';
import { LOGIC } from './logic';
import { NUMBERS } from './numbers';
import { TABLES } from './tables';
import { TEXTS } from './texts';
import type { FunctionOf } from './type';

export const FUNCTIONS: Readonly<Record<string, FunctionOf>> = { ...LOGIC, ...NUMBERS, ...TEXTS, ...DATES, ...LISTS, ...TABLES };

/** Other names under which people know them. */
export const ALIASES: Readonly<Record<string, string>> = {
  ARRAYGET: 'INDEX', ARRAYJOIN: 'JOIN', CONCAT: 'CONCATENATE', CONTAINTEXT: 'CONTAINS', COUNTA: 'COUNT', COUNTCHAR: 'LEN', DATENOW: 'NOW', INCLUDE: 'CONTAINS',
  ISBLANK: 'ISEMPTY', NETWORKDAY: 'NETWORKDAYS', RMBCAPS: 'RMBCAP', RMBFORMAT: 'RMBCAP', SYSTIME: 'NOW', TRUNC: 'ROUNDDOWN', UNIQUE: 'UNION',
};
