/** New identities for what is drawn: 12 characters of 32, made where the page also runs without HTTPS. */

const LETTERS = 'abcdefghijkmnpqrstuvwxyz23456789';

export function newUid(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => LETTERS[byte % 32]).join('');
}
