"""Shares of a statement: fixed sums first, then what formulas say, then percentages of what is left, and the rest by ratio."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final, NamedTuple

from ..formula import Formula
from ..functions import FormulaFault
from ..money import shared
from ..texts import Text
from .measures import Line, formula_of, formula_value
from .windows import key_of

ZERO: Final = Decimal(0)
HUNDRED: Final = Decimal(100)
KINDS: Final = ("amount", "formula", "percent", "ratio")
LINE_AMOUNT: Final = "line_amount"  # by this name a formula asks what a line is worth


class Party(NamedTuple):
    """Who has a share. `by`: the input that names the person on each line, among whom the share is divided by their lines."""

    uid: str
    title: Text
    kind: str
    value: Decimal
    formula: Formula | FormulaFault | None = None
    by: str = ""

    @classmethod
    def from_json(cls, doc: Mapping[str, Any], kinds: Mapping[str, str]) -> "Party":
        kind = next(one for one in KINDS if one in doc)
        by_formula = kind == "formula"
        value = ZERO if by_formula else Decimal(doc[kind])
        formula = formula_of(doc[kind], {**kinds, LINE_AMOUNT: "number"}) if by_formula else None
        return cls(doc["uid"], doc["party"], kind, value, formula, doc.get("by", ""))


class Share(NamedTuple):
    """`percent`: as drawn, or what the amount is of the whole; `who`: the value of the input that names the person."""

    uid: str
    party: Text
    percent: Decimal
    amount: Decimal
    who: Any = None


def shares_of(
    parties: Sequence[Party], remainder: str, net: Decimal, currency: str, lines: Sequence[Line]
) -> tuple[Share, ...]:
    """They always add up to `net`. A negative one is shared as the positive one, signs turned."""
    if not parties:
        return ()
    size, mirrored = abs(net), net < 0
    taken = _taken(parties, size, lines, mirrored)
    by_uid = {one.uid: index for index, one in enumerate(parties)}
    amounts = shared(size, taken, currency, by_uid.get(remainder, remainder))
    found: list[Share] = []
    for party, amount in zip(parties, amounts, strict=True):
        signed = -amount if mirrored and amount else amount
        percent = party.value if party.kind == "percent" else _percent(amount, size)
        whole = Share(party.uid, party.title, percent, signed)
        found += _divided(whole, party.by, currency, lines) if party.by else [whole]
    return tuple(found)


def _taken(parties: Sequence[Party], size: Decimal, lines: Sequence[Line], mirrored: bool) -> list[Decimal]:
    """What each would have of it, exact, as weights; fixed sums and formulas never take more than there is."""
    found, left = [ZERO] * len(parties), size
    for index, one in enumerate(parties):
        if one.kind in ("amount", "formula"):
            wanted = one.value if one.kind == "amount" else _by_formula(one, lines) * (-1 if mirrored else 1)
            found[index] = min(left, max(ZERO, wanted))
            left -= found[index]
    ratios = sum((one.value for one in parties if one.kind == "ratio"), ZERO)
    rest = left
    for index, one in enumerate(parties):
        if one.kind == "percent":
            found[index] = left * one.value / HUNDRED
            rest -= found[index]
    if not ratios:
        return found
    kept = [taken * ratios for taken in found]  # nothing is divided: these are weights
    return [max(ZERO, rest) * one.value if one.kind == "ratio" else taken for one, taken in zip(parties, kept, strict=True)]


def _by_formula(party: Party, lines: Sequence[Line]) -> Decimal:
    asked = (({**line.values, LINE_AMOUNT: line.amount * line.sign}, line.sign) for line in lines)
    return sum((formula_value(party.formula, values) * sign for values, sign in asked), ZERO)


def _divided(whole: Share, by: str, currency: str, lines: Sequence[Line]) -> list[Share]:
    """Among the persons of the lines, by what their lines are worth; where they are worth nothing, by how many they are."""
    people: dict[tuple[str, ...], list[Line]] = {}
    for line in lines:
        people.setdefault(key_of((by,), line.values), []).append(line)
    worth = [sum((abs(line.amount) for line in own), ZERO) for own in people.values()]
    weights = worth if any(worth) else [Decimal(len(own)) for own in people.values()]
    amounts = shared(whole.amount, weights, currency)
    found = zip(people.values(), amounts, strict=True)
    return [whole._replace(amount=amount, who=own[0].values.get(by)) for own, amount in found] or [whole]


def _percent(amount: Decimal, whole: Decimal) -> Decimal:
    return (amount * HUNDRED / whole).quantize(Decimal("0.01")) if whole else ZERO
