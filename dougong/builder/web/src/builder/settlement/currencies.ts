/** The currencies that are offered, by their names in the reader's language. */
import { language } from '../../core/i18n';

const USUAL = ['CNY', 'HKD', 'MOP', 'TWD', 'USD', 'EUR', 'JPY', 'GBP', 'SGD', 'KRW', 'AUD', 'CAD', 'CHF', 'THB', 'VND', 'MYR', 'IDR', 'INR', 'AED', 'RUB'];

export function currencyChoices(now?: string): { value: string; title: string }[] {
  const names = new Intl.DisplayNames([language()], { type: 'currency' });
  const all = now && !USUAL.includes(now) ? [now, ...USUAL] : USUAL;
  return all.map((code) => ({ value: code, title: `${code} ${names.of(code) ?? ''}` }));
}

/** A code of three letters, or the name of a currency that is offered. */
export function readCurrency(text: string): string | null {
  const said = text.trim();
  if (/^[A-Za-z]{3}$/.test(said)) return said.toUpperCase();
  return currencyChoices().find(({ title }) => title === said || title.slice(4) === said)?.value ?? null;
}
