"""Shares of a statement: fixed sums first, then what formulas say, then percentages of what is left, and the rest by ratio."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final, NamedTuple

from ..formula import Formula
from ..functions import FormulaFault
from ..money import integers, shared, shared_by
from ..texts import Text
from ..tiers._type import HUNDRED, Part, hundredth
from .charging import Money
from .exchange import changed
from .measures import Line, formula_of, formula_value
from .windows import key_of

ZERO: Final = Decimal(0)
HUNDREDTH: Final = Decimal("0.01")
KINDS: Final = ("amount", "formula", "percent", "ratio")
LINE_AMOUNT: Final = "line_amount"  # by this name a formula asks what a line is worth


class Party(NamedTuple):
    """Who has a share. `by`: the input that names the person on each line, among whom the share is divided by their lines.
    `currency`: of a fixed sum; `told`: how it was converted."""

    uid: str
    title: Text
    kind: str
    value: Decimal
    formula: Formula | FormulaFault | None = None
    by: str = ""
    currency: str = ""
    told: tuple[Part, ...] = ()

    @classmethod
    def from_json(cls, doc: Mapping[str, Any], kinds: Mapping[str, str]) -> "Party":
        kind = next(one for one in KINDS if one in doc)
        by_formula = kind == "formula"
        value = ZERO if by_formula else Decimal(doc[kind])
        formula = formula_of(doc[kind], {**kinds, LINE_AMOUNT: "number"}) if by_formula else None
        currency = doc.get("currency", "") if kind == "amount" else ""
        return cls(doc["uid"], doc["party"], kind, value, formula, doc.get("by", ""), currency)

    def priced_in(self, money: Money) -> "Party":
        """With its sum in that currency. Raises SettlementFault."""
        rate = money.rate_of(self.currency)
        if rate is None:
            return self
        found, how = changed(self.value, rate, money.rounding)
        return self._replace(value=found, told=(how,))


class Share(NamedTuple):
    """`percent`: as drawn, or what the amount is of the whole; `who`: the value of the input that names the person."""

    uid: str
    party: Text
    percent: Decimal
    amount: Decimal
    who: Any = None
    told: tuple[Part, ...] = ()


class Person(NamedTuple):
    """One of those among whom a share is divided: what his lines are worth, and how many they are."""

    who: Any
    worth: Decimal
    lines: int


class Facts(NamedTuple):
    """What shares are calculated from besides the amount: what each formula comes to, by the uid of its party; the persons that
    an input names on the lines, by its key."""

    formulas: Mapping[str, Decimal]
    people: Mapping[str, Sequence[Person]]


NO_FACTS: Final = Facts({}, {})


def facts_of(parties: Sequence[Party], lines: Sequence[tuple[Any, Line]]) -> Facts:
    if not any(one.kind == "formula" or one.by for one in parties):
        return NO_FACTS
    own = [line for _, line in lines]
    formulas = {one.uid: _by_formula(one, own) for one in parties if one.kind == "formula"}
    return Facts(formulas, {one.by: _people(one.by, own) for one in parties if one.by})


def _by_formula(party: Party, lines: Sequence[Line]) -> Decimal:
    asked = (({**line.values, LINE_AMOUNT: line.amount * line.sign}, line.sign) for line in lines)
    return sum((formula_value(party.formula, values) * sign for values, sign in asked), ZERO)


def _people(by: str, lines: Sequence[Line]) -> list[Person]:
    found: dict[tuple[str, ...], Person] = {}
    for line in lines:
        one = found.get(key := key_of((by,), line.values), Person(line.values.get(by), ZERO, 0))
        found[key] = one._replace(worth=one.worth + line.amount, lines=one.lines + 1)
    return list(found.values())


def proportions(parties: Sequence[Party]) -> tuple[int, ...]:
    """In which proportions everything is divided, whatever it comes to; empty where they depend on that."""
    kinds = {one.kind for one in parties}
    return integers([one.value for one in parties]) if kinds in ({"percent"}, {"ratio"}) else ()


def shares_of(
    parties: Sequence[Party], remainder: str | int, net: Decimal, currency: str, facts: Facts = NO_FACTS,
    fixed: Sequence[int] = (),
) -> tuple[Share, ...]:  # fmt: skip
    """They always add up to `net`. A negative one is shared as the positive one, signs turned. `fixed`: their `proportions`."""
    if not parties:
        return ()
    size = abs(net)
    weights = fixed or integers(_taken(parties, size, facts, mirrored=net < 0))
    found: list[Share] = []
    for party, amount in zip(parties, shared_by(net, weights, currency, remainder), strict=True):
        percent = party.value if party.kind == "percent" else _percent(abs(amount), size)
        whole = Share(party.uid, party.title, percent, amount, None, party.told)
        found += _divided(whole, facts.people[party.by], currency, size) if party.by else [whole]
    return tuple(found)


def _taken(parties: Sequence[Party], size: Decimal, facts: Facts, *, mirrored: bool) -> list[Decimal]:
    """What each would have of it, exact, as weights; fixed sums and formulas never take more than there is."""
    found, left = [ZERO] * len(parties), size
    for index, one in enumerate(parties):
        if one.kind in ("amount", "formula"):
            wanted = one.value if one.kind == "amount" else facts.formulas[one.uid] * (-1 if mirrored else 1)
            found[index] = min(left, max(ZERO, wanted))
            left -= found[index]
    ratios = sum((one.value for one in parties if one.kind == "ratio"), ZERO)
    rest = left
    for index, one in enumerate(parties):
        if one.kind == "percent":
            found[index] = hundredth(left * one.value)
            rest -= found[index]
    if not ratios:
        return found
    kept = [taken * ratios for taken in found]  # nothing is divided: these are weights
    return [max(ZERO, rest) * one.value if one.kind == "ratio" else taken for one, taken in zip(parties, kept, strict=True)]


def _divided(whole: Share, people: Sequence[Person], currency: str, size: Decimal) -> list[Share]:
    """Among the persons of the lines, by what their lines are worth in all (what was taken back counts against whoever had it;
    nobody has to pay for what others get); where all are worth nothing, by how many lines they have."""
    side = Decimal(1).copy_sign(sum((one.worth for one in people), ZERO))
    worths = [max(ZERO, one.worth * side) for one in people]
    amounts = shared(whole.amount, worths if any(worths) else [Decimal(one.lines) for one in people], currency)
    uid, party, _, _, _, told = whole
    found = zip(people, amounts, strict=True)
    return [Share(uid, party, _percent(abs(amount), size), amount, one.who, told) for one, amount in found] or [whole]


def _percent(amount: Decimal, whole: Decimal) -> Decimal:
    return (amount * HUNDRED / whole).quantize(HUNDREDTH) if whole else ZERO
