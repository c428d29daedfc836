/** Any value of a document in words, for whoever compares two of them: texts, choices, lists, and the rest as it stands. */
import { isPlain, isText } from './elements';
import { listed, pick, t } from './i18n';

const MOST = 200;

export function said(value: unknown): string {
  const words = whole(value);
  return words.length > MOST ? `${words.slice(0, MOST)}…` : words;
}

function whole(value: unknown): string {
  if (value === undefined || value === null || value === '') return t('builder.value.none');
  if (typeof value === 'boolean') return t(value ? 'builder.value.yes' : 'builder.value.no');
  if (isText(value)) return pick(value);
  if (Array.isArray(value)) return value.length ? listed(value.map(whole)) : t('builder.value.none');
  if (!isPlain(value)) return String(value);
  const parts = Object.entries(value).filter(([key]) => key !== 'uid');
  return parts.length ? listed(parts.map(([key, part]) => (parts.length === 1 ? whole(part) : `${key} ${whole(part)}`))) : t('builder.value.none');
}
