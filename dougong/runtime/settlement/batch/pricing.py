"""What each line is worth, and in which group of its statement it is: asked once for each combination of codes.

A charge that is so much for each unit is multiplied; every other is asked of the interpreter, once for each combination of the
numbers that it names.
"""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple

from ...money import places
from ...values import comparable, plain
from ..definition import Terms
from ..faults import SettlementFault
from ..lines import EMPTY, Place, charged
from ..measures import Line
from ..rounding import EXACT, MOST_PLACES, exactly
from ..rules import Rule
from .engine import Bench, insert, name, table
from .keys import combinations
from .matching import conditions, first, hits
from .plan import Asked, Plan
from .scaled import WIDE, Scaled, fraction, integer, rounded, width
from .sources import ROW
from .staging import STEEP, Staged, TooWide, Way, scale_of

Slot = tuple[str, int]


class Group(NamedTuple):
    """Lines that are summed together: under the same terms, fitted by the same rules of the statement; worth in 10^-scale."""

    terms: Terms
    rules: tuple[int, ...]
    scale: int


class Product(NamedTuple):
    """`number` × n / d, rounded."""

    number: str
    n: int
    d: int


class Price(NamedTuple):
    """In 10^-scale: the sum of `products`, and what the rules at the places `asked` charge for the numbers that they name."""

    scale: int
    products: tuple[Product, ...] = ()
    asked: tuple[int, ...] = ()
    names: tuple[str, ...] = ()

    @property
    def slots(self) -> Mapping[Slot, Product]:
        """A place for each product: the first of its number, the second, ..."""
        numbers = [one.number for one in self.products]
        return {(one.number, numbers[:index].count(one.number)): one for index, one in enumerate(self.products)}


class Kind(NamedTuple):
    """What many combinations of codes have in common: the same rules of the line, under the same terms, in the same group."""

    group: int
    price: Price
    way: Way
    rules: tuple[Rule, ...]


class Outcome(NamedTuple):
    """What is found for a combination of codes, by its number. `kind`: its place among them."""

    number: int
    kind: int
    values: Mapping[str, Any]


class Worths(NamedTuple):
    """The table `worths`: row, partner, start, `grp`, `rule`, worth, what is `measured` (a column by how and of what), what
    formulas name (q_…), and, where lines are taxed by themselves, `taxed`: the net of an inclusive amount, the tax on an
    exclusive one, in 10^-`tax_scale`."""

    groups: Sequence[Group]
    rules: Sequence[Rule]
    measured: Mapping[Asked, Scaled]
    tax_scale: Mapping[int, int]


def worths(bench: Bench, plan: Plan, lines: Staged) -> Worths:
    """Raises TooWide."""
    groups: dict[Group, int] = {}
    kinds: list[Kind] = []
    found = list(_outcomes(bench, plan, lines, groups, kinds))
    places_of = {rule.uid: place for place, rule in enumerate(plan.rules.line)}
    slots = list(dict.fromkeys(slot for kind in kinds for slot in kind.price.slots))
    names = sorted({one for kind in kinds for one in kind.price.names})
    taxes = {index: _tax(plan, group) for index, group in enumerate(groups)}
    _write(bench, found, kinds, slots, names, taxes, places_of)
    asked = _ask(bench, plan, lines, found, kinds, names, places_of)
    most = asked + max((_most(lines, one.price) for one in kinds), default=0)
    products = [_product(plan, lines, kinds, index, slot) for index, slot in enumerate(slots)]
    worth = " + ".join(["coalesce(a.worth, o.amount)", *products])
    measured = {(one.how, one.input): lines.numbers[one.input] for one in plan.measures if one.how in ("sum", "max")}
    people = [f"p_{one}" for one in dict.fromkeys(party.by for party in plan.settlement.parties) if one]
    shown = [ROW, "partner", "start", *map(name, people), "o.grp", "coalesce(a.rule, o.rule) AS rule", f"{worth} AS worth"]
    shown += [f"coalesce({name(f'v_{one}')}, 0) AS {name(f'v_{one}')}" for one in sorted({one for _, one in measured})]
    shown += [f"{name(f'v_{one}' if one in lines.numbers else f'k_{one}')} AS {name(f'q_{one}')}" for one in plan.questioned]
    on = " AND ".join(["a.o = o.o", *(f"{_if_named(one)} IS NOT DISTINCT FROM a.{name(f'a_{one}')}" for one in names)])
    join = f"{lines.sql} JOIN outcomes o USING ({_keys(lines)}) LEFT JOIN asked a ON {on}"
    select = f"SELECT {', '.join([*shown, 'o.tn', 'o.td'])} FROM {join}"
    tax = _taxed(plan, most, taxes)
    bench.sql.execute(
        f"CREATE TEMP TABLE worths AS SELECT * EXCLUDE (tn, td) REPLACE (worth::{width(most)} AS worth), {tax} AS taxed "
        f"FROM ({select}) WHERE worth IS NOT NULL"
    )
    return Worths(
        list(groups), plan.rules.line, measured, {index: scale for index, (_, _, scale) in taxes.items() if scale >= 0}
    )


# --- the rules and the price of a combination


Taken = tuple[tuple[int, ...], tuple[int, ...]]  # the rules of the line and of the statement, by their places


def _outcomes(
    bench: Bench, plan: Plan, lines: Staged, groups: dict[Group, int], kinds: list[Kind]
) -> Iterator[Outcome]:  # fmt: skip
    """Fills in the groups and kinds that occur."""
    rules, values_decide = plan.rules, bool(conditions(plan.rules.late))
    taken_by: dict[int, Taken | None] = {}
    known: dict[tuple[int, Taken], int] = {}
    keys = _keys(lines)
    bench.sql.execute(
        f"CREATE TEMP TABLE combined AS SELECT row_number() OVER () AS o, * FROM (SELECT DISTINCT {keys} FROM {lines.sql})"
    )
    for one in combinations(bench, "combined", lines.keys, ("o", "way"), rules.every):
        number, place = one.codes[:2]
        if values_decide or one.fitting not in taken_by:
            taken_by[one.fitting] = _taken(plan, one.fitting >> len(rules.terms), one.values)
        if (taken := taken_by[one.fitting]) is None:
            continue
        if (place, taken) not in known:
            known[place, taken] = len(kinds)
            kinds.append(_kind(plan, lines, groups, lines.ways[place], taken))
        yield Outcome(number, known[place, taken], one.values)


def _taken(plan: Plan, fitting: int, values: Mapping[str, Any]) -> Taken | None:
    """None where lines have no worth here: Python is asked what they are worth, or what is wrong with each."""
    settlement, rules = plan.settlement, plan.rules
    try:
        taken = hits(settlement.line, fitting, values) if settlement.line else ()
        summed = hits(settlement.statement, fitting >> len(rules.line), values) if settlement.statement else ()
    except SettlementFault:
        return None
    pooled = first(rules.pools, fitting >> (len(rules.line) + len(rules.statement)), values)
    if (settlement.line and not taken) or plan.in_sequence(taken, pooled):
        return None
    return taken, summed


def _kind(plan: Plan, lines: Staged, groups: dict[Group, int], way: Way, taken: Taken) -> Kind:
    own, summed = taken
    price = _price(plan, lines, way, own)
    group = groups.setdefault(Group(way.terms, summed, price.scale), len(groups))
    return Kind(group, price, way, tuple(plan.rules.line[one] for one in own))


def _price(plan: Plan, lines: Staged, way: Way, taken: Sequence[int]) -> Price:
    """What is so much for each unit of a number is multiplied, as long as what the rules charge is only added up."""
    rounding, table = plan.settlement.rounding["line"], plan.settlement.line
    exact, summed = rounding.mode == EXACT, len(taken) == 1 or (table is not None and table.collect == "sum")
    factors = {one: factor for one in taken if summed and (factor := _factor(plan.rules.line[one]))}
    scale = MOST_PLACES if exact else scale_of(rounding, way.terms.currency)
    if exact and factors:
        needed = max(lines.numbers[number].scale + places(factor) for number, factor in factors.values())
        scale = needed if len(factors) == len(taken) else max(scale, needed)
    products = [Product(number, *fraction(factor, lines.numbers[number].scale, scale)) for number, factor in factors.values()]
    if scale > MOST_PLACES or sum(lines.numbers[one.number].most * abs(one.n) for one in products) > WIDE:
        scale, products, factors = min(scale, MOST_PLACES), [], {}
    asked = tuple(one for one in taken if one not in factors)
    named = {name for one in asked for name in plan.named(plan.rules.line[one].pricing)}
    return Price(scale, tuple(products), asked, tuple(sorted(named & set(lines.numbers))))


def _factor(rule: Rule) -> tuple[str, Decimal] | None:
    """The number that is charged for, and so much for each unit; None where that is not all there is to it."""
    pricing = rule.pricing
    if pricing is None or pricing.model is None or pricing.model.factor is None:
        return None
    charge, more = pricing.charge, (pricing.qualifier, pricing.target, pricing.prorate)
    shaped = any(one in charge.figures for one in pricing.model.may)
    if shaped or charge.currency or any(one is not None for one in more) or pricing.measure.how not in ("sum", "max"):
        return None
    try:
        factor = pricing.model.factor(charge)
    except KeyError:  # a charge without its price: the interpreter says so
        return None
    return (pricing.measure.input, factor) if abs(factor) < STEEP else None


def _tax(plan: Plan, group: Group) -> tuple[int, int, int]:
    """(n, d, scale): the worth × n / d, as `Worths.taxed` says; a scale of -1 where lines are not taxed by themselves."""
    tax = group.terms.tax
    if tax.per != "line" or tax.kind not in ("inclusive", "exclusive"):
        return 0, 1, -1
    scale, whole = scale_of(plan.settlement.rounding["tax"], group.terms.currency), 100 * 10 ** places(tax.rate)
    rate = integer(tax.rate, places(tax.rate))
    n, d = (whole, whole + rate) if tax.kind == "inclusive" else (rate, whole)
    return n * 10**scale, d * 10**group.scale, scale


# --- in SQL


def _keys(lines: Staged) -> str:
    return ", ".join(name(one) for one in ("way", *(key.name for key in lines.keys)))


def _write(
    bench: Bench, found: Sequence[Outcome], kinds: Sequence[Kind], slots: Sequence[Slot], names: Sequence[str],
    taxes: Mapping[int, tuple[int, int, int]], places_of: Mapping[str, int],
) -> None:  # fmt: skip
    """The table `outcomes`: for each combination its number `o`; and its group, rule, price and tax, which many share."""
    table(bench, "found", {"o": "INTEGER", "kind": "INTEGER"}, [(one.number, one.kind) for one in found])
    factor = width(*(number for kind in kinds for one in kind.price.products for number in (one.n, one.d)))
    tax = width(*(number for n, d, _ in taxes.values() for number in (n, d)))
    shape = {"kind": "INTEGER", "grp": "INTEGER", "rule": "INTEGER", "tn": tax, "td": tax, "amount": "HUGEINT"}
    shape |= {f"{part}{index}": factor for index in range(len(slots)) for part in ("n", "d")}
    shape |= {f"u_{one}": "BOOLEAN" for one in names}
    told: list[tuple[Any, ...]] = []
    for index, (group, price, _, rules) in enumerate(kinds):
        rule = places_of[rules[0].uid] if rules else None
        products = [price.slots.get(slot, Product(slot[0], 0, 1)) for slot in slots]
        factors = [number for one in products for number in (one.n, one.d)]
        amount = None if price.asked else 0
        told.append((index, group, rule, *taxes[group][:2], amount, *factors, *(name in price.names for name in names)))
    table(bench, "kinds", shape, told)
    join = "combined JOIN found USING (o) JOIN kinds USING (kind)"
    bench.sql.execute(f"CREATE TEMP TABLE outcomes AS SELECT * EXCLUDE (kind) FROM {join}")


def _if_named(input: str) -> str:
    return f"CASE WHEN o.{name(f'u_{input}')} THEN {name(f'v_{input}')} END"


def _ask(
    bench: Bench, plan: Plan, lines: Staged, found: Sequence[Outcome], kinds: Sequence[Kind], names: Sequence[str],
    places_of: Mapping[str, int],
) -> int:  # fmt: skip
    """The table `asked`: what the interpreter charges; and the greatest of it."""
    shape = {"o": "INTEGER", **{f"a_{one}": "HUGEINT" for one in names}, "rule": "INTEGER", "worth": "HUGEINT"}
    table(bench, "asked", shape, [])
    open = {one.number: one for one in found if kinds[one.kind].price.asked}
    table(bench, "open", {"o": "INTEGER"}, [(number,) for number in open])
    if not open:
        return 0
    shown = ", ".join(["o.o", *(_if_named(one) for one in names)])
    select = f"SELECT DISTINCT {shown} FROM {lines.sql} JOIN outcomes o USING ({_keys(lines)}) JOIN open ON open.o = o.o"
    rows: list[tuple[Any, ...]] = []
    for number, *given in bench.sql.execute(select).fetchall():
        numbers = {
            one: plain(Decimal(value).scaleb(-lines.numbers[one].scale))
            for one, value in zip(names, given, strict=True)
            if value is not None
        }
        try:
            one = open[number]
            rows.append((number, *given, *_charged(plan, kinds[one.kind], {**one.values, **numbers}, places_of)))
        except (SettlementFault, InvalidOperation, ValueError):  # a day that is none: the interpreter says so
            continue
    insert(bench, "asked", shape, rows)
    return max((abs(row[-1]) for row in rows), default=0)


def _charged(plan: Plan, one: Kind, values: Mapping[str, Any], places_of: Mapping[str, int]) -> tuple[int, int]:
    settlement = plan.settlement
    assert settlement.line is not None
    day = comparable(values.get(settlement.date), "date")
    place = Place(settlement, one.way.terms.currency, day, values, EMPTY)
    with exactly():
        rule, amount, _ = charged(settlement.line, [plan.rules.line[at] for at in one.price.asked], Line(values), place)
        told = one.rules[0] if one.price.products else rule
        return places_of[told.uid], integer(amount, one.price.scale)


def _product(plan: Plan, lines: Staged, kinds: Sequence[Kind], index: int, slot: Slot) -> str:
    number = lines.numbers[slot[0]]
    most = max(number.most * abs(one.price.slots[slot].n) for one in kinds if slot in one.price.slots)
    product = f"(coalesce({number.sql}, 0)::{width(most)} * o.n{index})"
    mode = plan.settlement.rounding["line"].mode
    return product if mode == EXACT else rounded(product, f"o.d{index}", mode)


def _most(lines: Staged, price: Price) -> int:
    return sum(lines.numbers[one.number].most * abs(one.n) // one.d + 1 for one in price.products)


def _taxed(plan: Plan, most: int, taxes: Mapping[int, tuple[int, int, int]]) -> str:
    if all(scale < 0 for _, _, scale in taxes.values()):
        return "NULL"
    product = most * max(n for n, _, _ in taxes.values())
    if product > WIDE:
        raise TooWide
    return rounded(f"(worth::{width(product)} * tn)", "td", plan.settlement.rounding["tax"].mode)
