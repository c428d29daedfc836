"""Under which terms a line is and at which rate of exchange its amounts are taken: asked once for each combination of codes."""

from collections.abc import Mapping, Sequence
from decimal import Decimal, Inexact
from itertools import chain
from typing import Final, NamedTuple

from ...money import places, unit
from ...values import comparable, missing
from ..definition import Terms
from ..faults import SettlementFault
from ..rounding import EXACT, MOST_PLACES, Rounding, exactly
from ..taxes import NO_TAX
from .encoding import Encoded
from .engine import Bench, name, table
from .keys import Combination, Key, combinations, of_bounds, of_values
from .matching import first
from .plan import Plan
from .scaled import WIDE, Scaled, fraction, rounded, width

FACTORS: Final = ("num", "den", "mul")
STEEP: Final = Decimal(10) ** 8  # with a greater price or rate amounts may become too large to be amounts


class TooWide(Exception):
    """Numbers that have no room in the integers of the engine: Python takes the whole batch."""


class Way(NamedTuple):
    """Lines under the same terms and at the same rate of exchange (None: they are in that currency already)."""

    terms: Terms
    rate: Decimal | None


class Staged(NamedTuple):
    """`sql`: the lines, each with its `way`, the `keys` of the rules, and its numbers in the currency of the way."""

    sql: str
    ways: Sequence[Way]
    keys: Sequence[Key]
    numbers: Mapping[str, Scaled]


def staged(bench: Bench, plan: Plan, found: Encoded) -> Staged:
    """Raises TooWide."""
    early = [of_values(one, found.codes[one]) for one in plan.early]
    early += [of_bounds(f"e_{one}", one, found.numbers[one], plan.rules) for one in plan.bounded_early]
    lines = beside("lines", early)
    ways: dict[Way, int] = {}
    rows: list[tuple[int, ...]] = []
    for one in combinations(bench, lines, early, (), plan.rules.every):
        try:
            rows.append((*one.codes[: len(early)], ways.setdefault(_way(plan, one), len(ways))))
        except (SettlementFault, Inexact):
            continue  # these lines are not staged: Python is asked what is wrong with each
    numbers, factors = _converted(plan, found, list(ways))
    shape = {**{key.name: "INTEGER" for key in early}, "way": "INTEGER", **dict.fromkeys(FACTORS, width(*chain(*factors)))}
    table(bench, "ways", shape, [(*row, *factors[row[-1]]) for row in rows])
    joined = f"{lines} JOIN ways USING ({', '.join(name(key.name) for key in early)})" if early else f"{lines} CROSS JOIN ways"
    shown = ", ".join(["*", *(f"{number.sql} AS {name(f'v_{one}')}" for one, number in numbers.items())])
    values = {one: number._replace(sql=name(f"v_{one}")) for one, number in numbers.items()}
    late = [of_values(one, found.codes[one]) for one in plan.late]
    late += [of_bounds(f"b_{one}", one, values[one], plan.rules) for one in plan.bounded_late]
    return Staged(beside(f"(SELECT {shown} FROM {joined})", late), list(ways), late, values)


def beside(relation: str, keys: Sequence[Key]) -> str:
    """A relation with the keys that are calculated as columns of it."""
    made = [f"{key.sql} AS {name(key.name)}" for key in keys if key.sql != name(key.name)]
    return f"(SELECT {', '.join(['*', *made])} FROM {relation})"


def _way(plan: Plan, one: Combination) -> Way:
    """As `terms_of` and `Exchange.converted` find it. Raises SettlementFault."""
    settlement, exchange = plan.settlement, plan.settlement.exchange
    place = first(plan.rules.terms, one.fitting, one.values)
    terms = Terms(settlement.currency, NO_TAX, None) if place is None else settlement.terms[place][1]
    given = str(one.values.get(exchange.currency) or terms.currency) if exchange else terms.currency
    if exchange is None or given == terms.currency:
        return Way(terms, None)
    day = one.values.get(exchange.date)
    if missing(day):
        raise SettlementFault("settle.no_date", input=exchange.date)
    _, rate, per = exchange.rate((given, terms.currency), comparable(day, "date"))
    with exactly() as context:
        context.traps[Inexact] = True
        return Way(terms, rate / per)


def _converted(plan: Plan, found: Encoded, ways: Sequence[Way]) -> tuple[dict[str, Scaled], list[tuple[int, int, int]]]:
    """All numbers, those that are converted in one scale; and by what, in each way, these are multiplied and divided, rounded,
    and multiplied again. Raises TooWide."""
    if all(way.rate is None for way in ways):
        return dict(found.numbers), [(1, 1, 1)] * len(ways)
    rounding = plan.settlement.rounding["convert"]
    given = max(found.numbers[one].scale for one in plan.converted)
    scales = [given if way.rate is None else _scale(rounding, way, given) for way in ways]
    scale = max(given, *scales)
    parts = [(1, 1) if way.rate is None else fraction(way.rate, given, own) for way, own in zip(ways, scales, strict=True)]
    factors = [(n, d, 10 ** (scale - own)) for (n, d), own in zip(parts, scales, strict=True)]
    numbers = dict(found.numbers)
    for one in plan.converted:
        raw = numbers[one].times(10 ** (given - numbers[one].scale), given)
        steepest, most = max(n for n, _, _ in factors), max((raw.most * n // d + 1) * m for n, d, m in factors)
        if max(most, raw.most * steepest) > WIDE or any(way.rate and way.rate >= STEEP for way in ways):
            raise TooWide
        product = f"({raw.sql}::{width(raw.most * steepest)} * num)"
        quotient = product if rounding.mode == EXACT else rounded(product, "den", rounding.mode)
        numbers[one] = Scaled(f"({quotient}::{width(most)} * mul)", scale, most)
    return numbers, factors


def _scale(rounding: Rounding, way: Way, given: int) -> int:
    assert way.rate is not None
    if rounding.mode != EXACT:
        return scale_of(rounding, way.terms.currency)
    if given + places(way.rate) > MOST_PLACES:
        raise TooWide
    return given + places(way.rate)


def scale_of(rounding: Rounding, currency: str) -> int:
    """To how many places something is rounded."""
    return places(unit(currency)) if rounding.places is None else rounding.places
