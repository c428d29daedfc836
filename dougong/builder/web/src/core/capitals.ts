/** 人民币大写: an amount in the numerals of Chinese vouchers, to the fen, as the server writes it (`runtime/capitals.py`). */
import { order, type Decimal } from './decimal';
import { roundedTo, whole } from './arithmetic';

const DIGITS = '零壹贰叁肆伍陆柒捌玖';
const PLACES = ['', '拾', '佰', '仟'];
const GROUPS = ['', '万', '亿', '万亿'];

/** Null for more than 16 digits before the point. */
export function inCapitals(amount: Decimal): string | null {
  const exact = roundedTo({ ...amount, digits: amount.digits < 0n ? -amount.digits : amount.digits }, 2, 'half');
  if (order(exact, whole(10n ** 16n)) >= 0) return null;
  const fen = (exact.digits * 100n) / 10n ** BigInt(exact.places);
  const [yuan, small] = [fen / 100n, Number(fen % 100n)];
  const sign = amount.digits < 0n && fen ? '负' : '';
  const before = yuan ? `${wholeWords(yuan)}元` : '';
  return small ? `${sign}${before}${smallWords(small, yuan > 0n)}` : `${sign}${before || '零元'}整`;
}

/** Group by group of four digits; 零 before a group that has not all of its digits. */
function wholeWords(yuan: bigint): string {
  const groups = [0, 1, 2, 3].map((index) => Number((yuan / 10n ** BigInt(4 * index)) % 10000n));
  let found = '';
  for (const index of [3, 2, 1, 0]) {
    const group = groups[index] ?? 0;
    if (!group) continue;
    const skipped = found && (group < 1000 || (index < 3 && !groups[index + 1]));
    found += (skipped ? '零' : '') + groupWords(group) + (index === 3 && groups[2] ? '万' : GROUPS[index]);
  }
  return found;
}

function groupWords(number: number): string {
  let found = '';
  let gap = false;
  for (const place of [3, 2, 1, 0]) {
    const digit = Math.floor(number / 10 ** place) % 10;
    if (digit) found += (gap && found ? '零' : '') + DIGITS[digit] + PLACES[place];
    gap = !digit;
  }
  return found;
}

function smallWords(fen: number, behindYuan: boolean): string {
  const [jiao, rest] = [Math.floor(fen / 10), fen % 10];
  if (!jiao) return `${behindYuan ? '零' : ''}${DIGITS[rest]}分`;
  return `${DIGITS[jiao]}角${rest ? `${DIGITS[rest]}分` : '整'}`;
}
