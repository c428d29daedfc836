/** New identities for what is drawn: 12 characters of 32, made where the page also runs without HTTPS. */

const LETTERS = 'abcdefghijkmnpqrstuvwxyz23456789';

export function newUid(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => LETTERS[byte % 32]).join('');
}

/** The lists in a config whose entries a person edits one by one. */
const LISTS = ['options', 'columns', 'parts'];

/** A config whose inner elements, however deep, are others than before. */
export function withNewUids(config: Record<string, unknown>): Record<string, unknown> {
  const anew = (one: Record<string, unknown>) => ({ ...one, ...(one['config'] ? { config: withNewUids(one['config'] as Record<string, unknown>) } : {}), uid: newUid() });
  return Object.fromEntries(Object.entries(config).map(([name, value]) => [name, LISTS.includes(name) && Array.isArray(value) ? value.map(anew) : value]));
}
