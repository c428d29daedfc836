"""What of the lines is measured: how many, a sum, the greatest, what they are worth, or a formula over each."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final, NamedTuple

from ..formula import Formula, compile_formula
from ..functions import FormulaFault
from ..tiers._type import PARTS
from ..values import comparable
from .faults import SettlementFault
from .windows import Window

ZERO: Final = Decimal(0)
NEVER: Final = datetime(1, 1, 1, tzinfo=UTC)  # formulas of a settlement ask no clock


class Line(NamedTuple):
    """A line of the period, as it was rated before: its inputs and its amount. `sign`: -1 is the reversal of such a line."""

    values: Mapping[str, Any]
    amount: Decimal = ZERO
    id: str = ""
    sign: int = 1

    @property
    def reversal(self) -> "Line":
        """What takes this line back: the same inputs, counted the other way round."""
        return self._replace(amount=-self.amount, sign=-self.sign)


class Measure(NamedTuple):
    """`how`: count, sum, max, lines or formula, of which `input` is the text. `over`: of the lines of a window, not only of
    those at hand."""

    how: str
    input: str = ""
    formula: Formula | FormulaFault | None = None
    over: Window | None = None

    @classmethod
    def from_json(cls, doc: Mapping[str, Any], kinds: Mapping[str, str], partner: str) -> "Measure":
        over = Window.from_json(doc["over"], partner) if "over" in doc else None
        how = next(one for one in ("sum", "max", "lines", "formula", "count") if one in doc or one == "count")
        if how == "formula":
            return cls(how, doc[how], formula_of(doc[how], kinds), over)
        return cls(how, doc[how] if how in ("sum", "max") else "", None, over)

    def to_json(self) -> dict[str, Any]:
        """What is measured, whatever lines it is of."""
        return {self.how: self.input or True}

    def joined(self, before: Decimal, line: Line) -> Decimal:
        """What is measured with one more line."""
        return max(before, self.of([line])) if self.how == "max" else before + self.of([line])

    def of(self, lines: Iterable[Line]) -> Decimal:
        """Raises SettlementFault where a value is no number."""
        match self.how:
            case "sum":
                return sum((number_in(line.values, self.input) * line.sign for line in lines), ZERO)
            case "max":
                return max(_left(lines, self.input), default=ZERO)
            case "lines":
                return sum((line.amount for line in lines), ZERO)
            case "formula":
                return sum((formula_value(self.formula, line.values) * line.sign for line in lines), ZERO)
        return Decimal(sum(line.sign for line in lines))


def _left(lines: Iterable[Line], name: str) -> Iterator[Decimal]:
    """The values that no reversal has taken back."""
    found: Counter[Decimal] = Counter()
    for line in lines:
        found[number_in(line.values, name)] += line.sign
    return (value for value, count in found.items() if count > 0)


def formula_of(text: str, kinds: Mapping[str, str]) -> Formula | FormulaFault:
    """What is wrong with a formula is told when it is asked."""
    try:
        return compile_formula(text, kinds)
    except FormulaFault as fault:
        return fault


def formula_value(formula: Formula | FormulaFault | None, values: Mapping[str, Any]) -> Decimal:
    if formula is None:
        raise SettlementFault("settle.incomplete_rule", part=PARTS["formula"])
    try:
        if isinstance(formula, FormulaFault):
            raise formula
        found = formula.value(values, NEVER)
    except FormulaFault as fault:
        raise SettlementFault(fault.reason.code, **fault.reason.params) from None
    if not isinstance(found, Decimal):
        raise SettlementFault("settle.not_a_number", input=PARTS["formula"], found=str(found)[:40])
    return found


def number_in(values: Mapping[str, Any], name: str) -> Decimal:
    value = values.get(name)
    try:
        return comparable(value, "number") or ZERO
    except ValueError:
        raise SettlementFault("settle.not_a_number", input=name, found=str(value)[:40]) from None
