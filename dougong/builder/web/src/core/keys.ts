/** Keys: what data, conditions and formulas call a field by. */

export const KEY = /^[a-z][a-z0-9_]{0,39}$/;

/** phone_1, phone_2, ...: the first that nobody has. */
export function freeKey(base: string, taken: Iterable<string>): string {
  const known = new Set(taken);
  let number = 1;
  while (known.has(`${base}_${number}`)) number += 1;
  return `${base}_${number}`;
}

/** As near to what was typed as a key can be: "Order No." is order_no. The empty text where nothing is left. */
export function asKey(text: string): string {
  const plain = text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^[^a-z]+|_+$/g, '');
  return plain.slice(0, 40).replace(/_+$/, '');
}
