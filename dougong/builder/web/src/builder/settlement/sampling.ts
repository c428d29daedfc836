/** The sample calculation: lines grouped as statements are (a partner, a period), asked of the server group by group. */
import type { Api } from '../../core/api';
import type { Text } from '../../core/types';
import type { Sample, Settlement } from './types';

export interface Reason {
  code: string;
  params: Record<string, unknown>;
}

/** Code, params, amount, tier. */
export type Part = [string, Record<string, string>, string, string | null];

export interface LineAnswer {
  amount?: string | null;
  currency?: string;
  rule?: string | null;
  parts?: Part[];
  error?: Reason;
  /** By input key: what was typed is not what the input is. */
  errors?: Record<string, Reason>;
}

export interface GroupAnswer {
  count: number;
  lines_amount: string;
  rule: string | null;
  parts: Part[];
  charge: string;
  terms: string | null;
  tax_kind: string;
  tax_rate: string;
  net: string;
  tax: string;
}

export interface StatementAnswer {
  currency: string;
  net: string;
  tax: string;
  gross: string;
  groups: GroupAnswer[];
  shares: { uid: string; party: Text; percent: string; amount: string; who?: unknown }[];
}

interface Answer {
  problems?: true;
  lines: LineAnswer[];
  statements: StatementAnswer[];
  error?: Reason;
}

export interface Batch {
  partner: string;
  period: string;
  samples: Sample[];
}

export interface Calculated {
  /** The draft has errors: nothing is calculated. */
  problems: boolean;
  /** By the uid of the sample. */
  lines: Map<string, LineAnswer>;
  statements: { partner: string; period: string; statement: StatementAnswer }[];
  errors: Reason[];
}

/** The period of a line, as the server names it: 2026-10, 2026-Q4; of a contract its first day. */
function periodOf({ date, period, contract }: Settlement, values: Sample['values']): string {
  const day = String(values[period === 'contract' && contract ? contract.since : date] ?? '').slice(0, 10);
  const [year = '', month = 0] = [day.slice(0, 4), Number(day.slice(5, 7))];
  if (!month || period === 'day' || period === 'contract') return day;
  if (period === 'year') return year;
  return period === 'half' ? `${year}-H${Math.ceil(month / 6)}` : period === 'quarter' ? `${year}-Q${Math.ceil(month / 3)}` : day.slice(0, 7);
}

/** The lines of one partner and one period make one statement for each currency. */
export function batches(doc: Settlement): Batch[] {
  const found = new Map<string, Batch>();
  for (const sample of doc.samples ?? []) {
    const partner = String(sample.values[doc.partner] ?? '');
    const period = periodOf(doc, sample.values);
    const key = JSON.stringify([partner, period]);
    const batch = found.get(key) ?? { partner, period, samples: [] };
    batch.samples.push(sample);
    found.set(key, batch);
  }
  return [...found.values()];
}

export async function calculate(api: Api, doc: Settlement): Promise<Calculated> {
  const result: Calculated = { problems: false, lines: new Map(), statements: [], errors: [] };
  const { samples: _, ...draft } = doc;
  for (const { partner, period, samples } of batches(doc)) {
    const answer = await api.post<Answer>('/sample', { draft, lines: samples.map((sample) => sample.values) });
    if (answer.problems) return { ...result, problems: true };
    samples.forEach((sample, index) => answer.lines[index] && result.lines.set(sample.uid, answer.lines[index]));
    result.statements.push(...answer.statements.map((statement) => ({ partner, period, statement })));
    if (answer.error) result.errors.push(answer.error);
  }
  return result;
}
