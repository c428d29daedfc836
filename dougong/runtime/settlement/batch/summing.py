"""From what lines are worth to the sums of each statement, as the interpreter takes them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from ...tiers._type import Part as Addend
from .. import spans
from ..definition import Settlement, Terms
from ..measures import Measure
from ..rules import Rule
from ..sharing import Facts, Person
from ..sums import Sums
from ..windows import key_of
from .codes import Coded, start_of
from .engine import Bench, name, table
from .plan import Asked, Plan
from .pricing import Group, Worths

ZERO = Decimal(0)
Key = tuple[int, int]  # codes of partner and first day


class Part(NamedTuple):
    """What lines of one group come to, summed."""

    group: Group
    size: int
    worth: Decimal
    taxed: Decimal | None
    measured: Mapping[Asked, Decimal]


Beyond = Callable[[Measure, Sequence[Part]], spans.Measured]


def nothing(measure: Measure, parts: Sequence[Part]) -> spans.Measured:
    raise LookupError(measure)


class Names:
    """What the codes of a statement stand for."""

    def __init__(self, settlement: Settlement, codes: Mapping[str, Coded]) -> None:
        self.input = settlement.partner
        self._partners = [value for value, _, _ in codes[settlement.partner].columns["partner"].kept]
        self._starts = [start_of(settlement.period, local) for _, local, _ in codes[settlement.date].columns["start"].kept]

    def partner(self, key: Key) -> Any:
        return self._partners[key[0]]

    def start(self, key: Key) -> date:
        return self._starts[key[1]]

    def of(self, key: Key) -> tuple[tuple[str, ...], date]:
        return key_of((self.input,), {self.input: self.partner(key)}), self.start(key)


def take_out(bench: Bench, column: str, of: Iterable[int]) -> int:
    """Of the lines that have a worth those in whose column one of these stands. How many they were."""
    table(bench, "taken", {"of": "BIGINT"}, [(one,) for one in of])
    [(gone,)] = bench.sql.execute(f"DELETE FROM worths WHERE {column} IN (FROM taken)").fetchall()
    return int(gone)


def statements(bench: Bench, plan: Plan, lines: Worths) -> list[tuple[Key, int, dict[str, list[Part]]]]:
    """By partner and first day, in the order in which they first appear: the first row, and the parts by currency."""
    measured = {asked: one for asked, one in lines.measured.items() if asked[0] != "share"}
    sums = ["sum(worth)", "sum(taxed::HUGEINT)"]
    sums += [f"{'max' if how == 'max' else 'sum'}({one.sql})" for (how, _), one in measured.items()]
    columns = ["partner", "start", "grp", "count(*)", "min(row)", *(f"{one}::VARCHAR" for one in sums)]  # quicker than HUGEINT
    rows = bench.sql.execute(
        f"SELECT {', '.join(columns)} FROM worths GROUP BY partner, start, grp ORDER BY min(row)"
    ).fetchall()
    scales = [(asked, -one.scale) for asked, one in measured.items()]
    found: dict[Key, tuple[int, dict[str, list[Part]]]] = {}
    for partner, start, grp, size, first, worth, taxed, *figures in rows:
        group = lines.groups[grp]
        tax = None if grp not in lines.tax_scale else Decimal(taxed).scaleb(-lines.tax_scale[grp])
        of = {asked: Decimal(value).scaleb(scale) for (asked, scale), value in zip(scales, figures, strict=True)}
        part = Part(group, size, Decimal(worth).scaleb(-group.scale), tax, of)
        found.setdefault((partner, start), (first, {}))[1].setdefault(group.terms.currency, []).append(part)
    return [(key, first, parts) for key, (first, parts) in found.items()]


def sums_of(plan: Plan, parts: Sequence[Part], beyond: Beyond = nothing) -> list[Sums]:
    """As `sums.sums_of` makes them of lines: see there what is counted where rules are collected. `beyond`: what is measured
    over a window, by lines of these parts, and its days."""
    table = plan.settlement.statement
    collecting = table is not None and table.policy == "collect"
    found: dict[tuple[Terms, int | None], list[Part]] = {}
    for part in parts:
        taken: tuple[int | None, ...] = (None, *part.group.rules) if collecting else (part.group.rules or (None,))
        for place in taken:
            found.setdefault((part.group.terms, place), []).append(part)
    return [
        _summed(
            plan.settlement,
            terms,
            None if place is None else plan.rules.statement[place],
            own,
            beyond,
            counted=not collecting or place is None,
        )
        for (terms, place), own in found.items()
    ]


def _summed(
    settlement: Settlement, terms: Terms, rule: Rule | None, parts: Sequence[Part], beyond: Beyond, *, counted: bool
) -> Sums:
    worth = sum([part.worth for part in parts], ZERO) if counted else ZERO
    taxed = _taxed(terms, worth, parts) if counted and terms.tax.per == "line" else None
    size, pricing = sum([part.size for part in parts]), rule.pricing if rule else None
    if pricing is None:
        return Sums(terms, rule, size, worth, counted, taxed=taxed)
    told: list[Addend] = []

    def measured(figure: str, one: Measure) -> Decimal:
        if one.over is None:
            return _measured(one, parts)
        found = beyond(one, parts)
        told.append(spans.told(settlement, figure, one, found, {}))
        return found.found

    measure = measured("measure", pricing.measure)
    qualifier = measured("qualifier", pricing.qualifier) if pricing.qualifier else None
    target = measured("target", pricing.target) if pricing.target else ZERO
    return Sums(terms, rule, size, worth, counted, measure, qualifier, target, taxed, tuple(told))


def _taxed(terms: Terms, worth: Decimal, parts: Sequence[Part]) -> tuple[Decimal, Decimal]:
    """(net, tax) of lines that are taxed one by one."""
    found = sum((part.taxed for part in parts if part.taxed is not None), ZERO)
    match terms.tax.kind:
        case "inclusive":
            return found, worth - found
        case "exclusive":
            return worth, found
    return worth, ZERO


def _measured(measure: Measure, parts: Sequence[Part]) -> Decimal:
    match measure.how:
        case "sum" | "formula":
            return sum([part.measured[measure.how, measure.input] for part in parts], ZERO)
        case "max":
            return max(part.measured["max", measure.input] for part in parts)
        case "lines":
            return sum([part.worth for part in parts], ZERO)
    return Decimal(sum(part.size for part in parts))


def facts_of(bench: Bench, plan: Plan, lines: Worths, codes: Mapping[str, Coded]) -> Mapping[tuple[Key, str], Facts]:
    """By statement and currency: what the formulas of shares come to, and whose lines they are, where a share is divided among
    those whom an input names."""
    formulas, people = _shares(bench, lines), _people(bench, plan, lines, codes)
    return {key: Facts(formulas.get(key, {}), people.get(key, {})) for key in {*formulas, *people}}


def _shares(bench: Bench, lines: Worths) -> Mapping[tuple[Key, str], dict[str, Decimal]]:
    """By the uid of the party."""
    found: dict[tuple[Key, str], dict[str, Decimal]] = {}
    for uid, one in ((of, one) for (how, of), one in lines.measured.items() if how == "share"):
        rows = bench.sql.execute(f"SELECT partner, start, grp, sum({one.sql}) FROM worths GROUP BY ALL").fetchall()
        for partner, start, grp, value in rows:
            mine = found.setdefault(((partner, start), lines.groups[grp].terms.currency), {})
            mine[uid] = mine.get(uid, ZERO) + Decimal(value).scaleb(-one.scale)
    return found


def _people(
    bench: Bench, plan: Plan, lines: Worths, codes: Mapping[str, Coded]
) -> Mapping[tuple[Key, str], dict[str, list[Person]]]:
    """By the input that names them."""
    found: dict[tuple[Key, str], dict[str, dict[int, Person]]] = {}
    for input in dict.fromkeys(party.by for party in plan.settlement.parties if party.by):
        who = name(f"p_{input}")
        named = [value for value, _, _ in codes[input].columns[f"p_{input}"].kept]
        rows = bench.sql.execute(
            f"SELECT partner, start, grp, {who}, count(*), sum(worth)::VARCHAR FROM worths GROUP BY ALL ORDER BY min(row)"
        ).fetchall()
        for partner, start, grp, code, size, worth in rows:
            group = lines.groups[grp]
            people = found.setdefault(((partner, start), group.terms.currency), {}).setdefault(input, {})
            one = Person(named[code], Decimal(worth).scaleb(-group.scale), size)
            known = people.get(code)
            people[code] = one if known is None else Person(one.who, known.worth + one.worth, known.lines + size)
    return {key: {one: list(people.values()) for one, people in by.items()} for key, by in found.items()}
