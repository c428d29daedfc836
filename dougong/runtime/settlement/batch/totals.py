"""Control totals of a batch: every row is somewhere, once, and what all are worth."""

from dataclasses import dataclass, field
from decimal import Decimal


class Disagreement(Exception):
    """Engine and interpreter differ, or two sums of the same: nothing of such a batch may be used."""


@dataclass
class Totals:
    """`rows`: those `counted`, those without a price (`faulty`), those set `aside`. `worth`: of the counted, by currency.

    `left`: how many of the counted were left to the interpreter; `checked`: statements that it calculated again.
    """

    rows: int = 0
    counted: int = 0
    faulty: int = 0
    aside: int = 0
    left: int = 0
    checked: int = 0
    worth: dict[str, Decimal] = field(default_factory=dict)

    def add(self, currency: str, lines: int, worth: Decimal) -> None:
        """Lines that were counted."""
        self.counted += lines
        self.worth[currency] = self.worth.get(currency, Decimal(0)) + worth
