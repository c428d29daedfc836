/** Amounts of time in words: cards tell them before anything sets them. */
import { t } from '../../core/i18n';
import type { Span } from '../../core/types';

export interface Until {
  after?: Span;
  field?: string;
  offset?: Span;
}

/** "2 working hours", "3 days". */
export function spanWords(span: Span | undefined): string {
  if (!span) return '';
  const working = span.time === 'working';
  const unit = t(working && span.unit === 'days' ? 'builder.span.workdays' : `builder.span.${span.unit}`);
  return t(working && span.unit !== 'days' ? 'builder.span.words.working' : 'builder.span.words', { amount: Math.abs(span.amount), unit });
}

/** "after 2 working hours", "2 working days before the appointment". `field` says how a field is called. */
export function untilWords(until: Until | undefined, field: (key: string) => string): string {
  if (!until) return '';
  if (until.after) return t('builder.until.words.after', { span: spanWords(until.after) });
  const name = field(until.field ?? '');
  if (!until.offset?.amount) return t('builder.until.words.at', { field: name });
  return t(until.offset.amount < 0 ? 'builder.until.words.before' : 'builder.until.words.behind', { field: name, span: spanWords(until.offset) });
}
