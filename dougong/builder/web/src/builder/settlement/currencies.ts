/** The currencies that are offered, by their names in the reader's language. */
import current from '../../../../../schemas/currencies.json';
import { language } from '../../core/i18n';

const USUAL = ['CNY', 'HKD', 'MOP', 'TWD', 'USD', 'EUR', 'JPY', 'GBP', 'SGD', 'KRW', 'AUD', 'CAD', 'CHF', 'THB', 'VND', 'MYR', 'IDR', 'INR', 'AED', 'RUB'];

/** Those in frequent use first; withdrawn ones, too. */
const all = () => [...new Set([...USUAL, ...Intl.supportedValuesOf('currency')])];

export function currencyTitle(code: string): string {
  return `${code} ${new Intl.DisplayNames([language()], { type: 'currency' }).of(code) ?? ''}`;
}

/** Of today, and what is chosen. */
export function currencyChoices(now?: string): { value: string; title: string }[] {
  return [...new Set([...all().filter((code) => current.includes(code)), ...(now ? [now] : [])])].map((value) => ({ value, title: currencyTitle(value) }));
}

/** The code or the name of a currency that there is. */
export function readCurrency(text: string): string | null {
  const said = text.trim();
  if (all().includes(said.toUpperCase())) return said.toUpperCase();
  return currencyChoices().find(({ title }) => title === said || title.slice(4) === said)?.value ?? null;
}
