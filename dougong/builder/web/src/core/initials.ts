/** The pinyin initials of a Chinese text: 条件分支 is tjfz. By the order in which the browser sorts Chinese, so that no table has to be loaded. */
const LETTERS = 'abcdefghjklmnopqrstwxyz';
/** The first character of each letter, in the order of pinyin. */
const FIRSTS = '阿八嚓哒妸发旮哈讥咔垃妈拏噢妑七呥扨他穵夕丫帀';
/** Made when it is first wanted: that takes longer than drawing a page of cards. */
let order: Intl.Collator | undefined;

export function initials(words: string): string {
  return [...words].map(initial).join('').toLowerCase();
}

function initial(sign: string): string {
  if (!/\p{Script=Han}/u.test(sign)) return /[\p{L}\p{N}]/u.test(sign) ? sign : '';
  order ??= new Intl.Collator('zh-Hans-u-co-pinyin');
  let found = '';
  for (const [index, first] of [...FIRSTS].entries()) if (order.compare(first, sign) <= 0) found = LETTERS[index] ?? '';
  return found;
}

/** Is it called so, in any language, or by its initials? */
export function isCalled(title: Readonly<Record<string, string>>, wanted: string): boolean {
  const words = wanted.trim().toLowerCase();
  return Object.values(title).some((one) => one.toLowerCase().includes(words) || initials(one).includes(words));
}
