/** Patterns that anybody can write: # is a digit, @ a letter, ? any character, * anything or nothing (`operators/_pattern.py`). */

const SIGNS: Record<string, string> = { '#': '[0-9]', '@': '[A-Za-z]', '?': '.' };

/** Does the whole text look like that? In time that grows with text and pattern, whatever somebody wrote. */
export function fits(text: string, pattern: string): boolean {
  return compiled(pattern).test(text);
}

/** What stands between two stars is looked for once, from the left, and not again (a group that is seen ahead and taken whole). */
function compiled(pattern: string): RegExp {
  const [first = '', ...rest] = pattern.split('*').map((piece) => Array.from(piece, (sign) => SIGNS[sign] ?? sign.replace(/[\\^$.*+?()[\]{}|/]/, '\\$&')).join(''));
  const last = rest.pop();
  const inner = rest.filter(Boolean).map((piece, index) => `(?=(.*?${piece}))\\${index + 1}`);
  return new RegExp(last === undefined ? `^${first}$` : `^${first}${inner.join('')}.*${last}$`, 'su');
}
