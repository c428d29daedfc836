"""人民币大写: an amount in the numerals of Chinese vouchers, to the fen. 1200.5 is 壹仟贰佰元伍角整.

After 《支付结算办法》, annex 正确填写票据和结算凭证的基本规定: 零 once where digits are left out, 整 behind yuan or jiao.
"""

from decimal import ROUND_HALF_UP, Decimal
from typing import Final

DIGITS: Final = "零壹贰叁肆伍陆柒捌玖"
PLACES: Final = ("", "拾", "佰", "仟")
GROUPS: Final = ("", "万", "亿", "万亿")


def in_capitals(amount: Decimal) -> str:
    """Raises ValueError for more than 16 digits before the point."""
    if abs(amount) >= 10**16:
        raise ValueError(amount)
    fen = int(abs(amount).quantize(Decimal("0.01"), ROUND_HALF_UP) * 100)
    if fen >= 10**18:
        raise ValueError(amount)
    yuan, small = divmod(fen, 100)
    sign = "负" if amount < 0 and fen else ""
    whole = f"{_whole(yuan)}元" if yuan else ""
    if not small:
        return f"{sign}{whole or '零元'}整"
    return f"{sign}{whole}{_small(small, bool(yuan))}"


def _whole(yuan: int) -> str:
    """Group by group of four digits; 零 before a group that has not all of its digits."""
    groups = [yuan // 10 ** (4 * index) % 10000 for index in range(4)]
    found = ""
    for index in (3, 2, 1, 0):
        group = groups[index]
        if not group:
            continue
        skipped = found and (group < 1000 or (index < 3 and not groups[index + 1]))
        found += ("零" if skipped else "") + _group(group) + _unit(index, groups)
    return found


def _unit(index: int, groups: list[int]) -> str:
    """万亿 is said once as 万 where 亿 of its own follow: 壹万贰仟亿 is 1,2000 亿."""
    return "万" if index == 3 and groups[2] else GROUPS[index]


def _group(number: int) -> str:
    found, gap = "", False
    for place in (3, 2, 1, 0):
        digit = number // 10**place % 10
        if digit:
            found += ("零" if gap and found else "") + DIGITS[digit] + PLACES[place]
        gap = not digit
    return found


def _small(fen: int, behind_yuan: bool) -> str:
    jiao, rest = divmod(fen, 10)
    if not jiao:
        return f"{'零' if behind_yuan else ''}{DIGITS[rest]}分"
    return f"{DIGITS[jiao]}角" + (f"{DIGITS[rest]}分" if rest else "整")
