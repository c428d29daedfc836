"""Roundings by name: where, to how many places, in which mode. What is not named is exact."""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from decimal import (
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_FLOOR,
    ROUND_HALF_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Context,
    Decimal,
    InvalidOperation,
    Overflow,
    localcontext,
)
from functools import cache
from typing import Any, Final, NamedTuple

from ..money import places, unit
from ..values import plain

EXACT: Final = "exact"
MODES: Final = {
    "half_up": ROUND_HALF_UP, "half_even": ROUND_HALF_EVEN, "half_down": ROUND_HALF_DOWN, "up": ROUND_UP, "down": ROUND_DOWN,
    "ceiling": ROUND_CEILING, "floor": ROUND_FLOOR,
}  # fmt: skip
PLACE_TITLES: Final[dict[str, dict[str, str]]] = {
    "convert": {"zh-Hans": "汇率折算", "en": "Conversion"},
    "line": {"zh-Hans": "每笔", "en": "Each line"},
    "prorate": {"zh-Hans": "按天折算", "en": "Counted days"},
    "charge": {"zh-Hans": "每组阶梯", "en": "Each charge"},
    "statement": {"zh-Hans": "明细合计", "en": "Sum of the lines"},
    "tax": {"zh-Hans": "税额", "en": "Tax"},
}
MODE_TITLES: Final[dict[str, dict[str, str]]] = {
    EXACT: {"zh-Hans": "不舍入", "en": "none"},
    "half_up": {"zh-Hans": "四舍五入", "en": "half up"},
    "half_even": {"zh-Hans": "四舍六入五成双", "en": "half to even"},
    "half_down": {"zh-Hans": "五舍六入", "en": "half down"},
    "up": {"zh-Hans": "进位", "en": "up (away from zero)"},
    "down": {"zh-Hans": "舍去", "en": "down (towards zero)"},
    "ceiling": {"zh-Hans": "向上取整", "en": "ceiling"},
    "floor": {"zh-Hans": "向下取整", "en": "floor"},
}
PLACES: Final = tuple(PLACE_TITLES)  # in the order of the calculation

# Everything is calculated within this: no product of what a definition may hold loses a digit, and what would is an error.
MOST: Final = Decimal(10) ** 21  # an amount from here on is a mistake; it is refused, not kept
MOST_PLACES: Final = 15
ONE: Final = Decimal(1)
_WORK: Final = Context(prec=120, traps=[InvalidOperation, Overflow])


def exactly() -> AbstractContextManager[Context]:
    return localcontext(_WORK)


def _kept(amount: Decimal) -> Decimal:
    """As it is, where it is no longer than what an amount is written in."""
    exponent = amount.normalize().as_tuple().exponent
    if isinstance(exponent, int) and exponent < -MOST_PLACES:
        raise InvalidOperation
    return amount


class Rounding(NamedTuple):
    """`places`: None is the currency's own (JPY 0, CNY 2, KWD 3). `multiple`: to multiples of it instead (0.05, 10)."""

    where: str
    mode: str = "half_up"
    places: int | None = None
    multiple: Decimal | None = None

    @classmethod
    def from_json(cls, where: str, doc: Mapping[str, Any]) -> "Rounding":
        multiple = Decimal(doc["multiple"]) if doc.get("multiple") is not None and doc.get("mode") != EXACT else None
        return cls(where, doc.get("mode", "half_up"), doc.get("places"), multiple)

    def of(self, amount: Decimal, currency: str) -> Decimal:
        """Never a minus before a zero. Raises InvalidOperation where it is too large to be an amount."""
        if abs(amount) >= MOST:
            raise InvalidOperation
        if self.mode == EXACT:
            return _kept(amount)
        if self.multiple:
            found = (amount / self.multiple).quantize(ONE, MODES[self.mode]) * self.multiple
        else:
            step = unit(currency) if self.places is None else Decimal(1).scaleb(-self.places)
            found = amount.quantize(step, MODES[self.mode])
        return found if found else abs(found)

    def told(self, currency: str) -> tuple[str, Mapping[str, Any]]:
        """Code and parameters of what it does, said of a difference that it made."""
        if self.multiple:
            return "settle.part.rounding_to_multiple", {"multiple": self.multiple, "mode": MODE_TITLES[self.mode]}
        return "settle.part.rounding", _words(self.mode, self.places, currency)

    def to_json(self) -> dict[str, Any]:
        return {**self._asdict(), "multiple": None if self.multiple is None else plain(self.multiple)}


@cache
def _words(mode: str, to: int | None, currency: str) -> Mapping[str, Any]:
    return {"places": str(places(unit(currency)) if to is None else to), "mode": MODE_TITLES[mode]}


def roundings(doc: Mapping[str, Any]) -> dict[str, Rounding]:
    """One for every place: half up at the currency's smallest unit where the definition says nothing."""
    return {where: Rounding.from_json(where, doc.get(where, {})) for where in PLACES}
