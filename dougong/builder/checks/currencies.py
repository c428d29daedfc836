"""The currencies of a settlement: codes that there are, and where sums of money and unit prices may be due in several, which
one they are in."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from dougong.runtime.checks.coverage import Space, TooMany
from dougong.runtime.examples import in_words
from dougong.runtime.form import Field
from dougong.runtime.money import CURRENCIES
from dougong.runtime.problem import Problem
from dougong.runtime.reason import Reason
from dougong.runtime.settlement import Settlement
from dougong.runtime.settlement.charging import OWN
from dougong.runtime.settlement.rules import Rule
from dougong.runtime.tiers._type import FIGURES, SUMS

from .covering import Rules, columns

Doc = Mapping[str, Any]
Found = Iterator[tuple[str, Reason]]


class Place(NamedTuple):
    """Where sums stand: taken where the rules `within` fit and none of those `before`, as bits of the space."""

    path: str
    fields: tuple[str, ...]
    charge: Doc
    sums: tuple[str, ...] = SUMS
    within: int = 0
    before: int = 0


def unknown(doc: Doc) -> Iterator[Problem]:
    """Codes that ISO 4217 does not have: hardly meant, and rounded to two places. A warning: a company may count in its own."""
    for path, fields, code in _named(doc):
        if code not in CURRENCIES:
            yield Problem(Reason("check.unknown_currency", {"found": code}), "warning", fields=fields, path=path)


def _named(doc: Doc) -> Iterator[tuple[str, tuple[str, ...], str]]:
    """Every currency that is named: (where, of which row, its code)."""
    yield "/currency", (), doc["currency"]
    exchange = doc.get("exchange", {})
    for index, one in enumerate(doc["inputs"]):
        path, config = f"/inputs/{index}/config", one.get("config", {})
        if one["type"] == "money" and config.get("currency"):
            yield f"{path}/currency", (one["uid"],), config["currency"]
        if one["key"] == exchange.get("currency"):
            for at, option in enumerate(config.get("options", ())):
                yield f"{path}/options/{at}", (one["uid"],), option["key"]
    for index, one in enumerate(exchange.get("rates", ())):
        yield from ((f"/exchange/rates/{index}/{end}", (one["uid"],), one[end]) for end in ("from", "to"))
    for index, one in enumerate(doc.get("terms", ())):
        yield f"/terms/{index}/currency", (one["uid"],), one["currency"]
    for name in ("line", "statement"):
        for index, one in enumerate(doc.get(name, {}).get("rules", ())):
            yield from _of_sums(one["charge"], (one["uid"],), f"/{name}/rules/{index}/charge")
    for place in _whole(doc):
        yield from _of_sums(place.charge, place.fields, place.path)


def _of_sums(charge: Doc, fields: tuple[str, ...], path: str) -> Iterator[tuple[str, tuple[str, ...], str]]:
    if charge.get("currency", OWN) != OWN:
        yield f"{path}/currency", fields, charge["currency"]


def problems(doc: Doc, settlement: Settlement, fields: Mapping[str, Field]) -> Iterator[Problem]:
    if len({settlement.currency, *(terms.currency for _, terms in settlement.terms)}) == 1:
        return
    checked = _Checked(settlement, fields, _space(settlement, fields))
    try:
        for place in (*_places(doc, settlement), *_whole(doc)):
            for at, reason in checked.problems(place):
                yield Problem(reason, fields=place.fields, path=f"{place.path}/{at}")
    except TooMany:
        yield Problem(Reason("check.table_too_many_cases"), "warning", path="/terms")


def _rules(settlement: Settlement) -> list[Rule]:
    tables = [table for table in (settlement.line, settlement.statement) if table]
    return [rule for rule, _ in settlement.terms] + [rule for table in tables for rule in table.rules]


def _space(settlement: Settlement, fields: Mapping[str, Field]) -> Space:
    """Of the terms, then of the rules of the tables."""
    rules = _rules(settlement)
    return Space.over(columns(Rules(rules, "first", fields, {}), filled=True), len(rules))


def _places(doc: Doc, settlement: Settlement) -> Iterator[Place]:
    bit = 1 << len(settlement.terms)
    for name, table in (("line", settlement.line), ("statement", settlement.statement)):
        paths = {
            one["uid"]: (f"/{name}/rules/{index}/charge", one["charge"])
            for index, one in enumerate(doc.get(name, {}).get("rules", ()))
        }
        before = 0
        for rule in table.rules if table else ():
            path, charge = paths[rule.uid]
            sums = rule.pricing.sums(settlement.amounts) if rule.pricing else SUMS
            yield Place(path, (rule.uid,), charge, sums, bit, before)
            if table and table.policy == "first" and rule.condition is None:
                before |= bit
            bit <<= 1


def _whole(doc: Doc) -> Iterator[Place]:
    """What is of a whole statement, whatever its rules are."""
    yield Place("/limits", (), doc.get("limits", {}))
    yield from (Place(f"/shares/{index}", (one["uid"],), one) for index, one in enumerate(doc.get("shares", ())))


@dataclass(frozen=True)
class _Checked:
    settlement: Settlement
    fields: Mapping[str, Field]
    space: Space

    def problems(self, place: Place) -> Found:
        """(where in the charge, reason)."""
        sums, named = list(_sums(place)), place.charge.get("currency", "")
        possible = self._currencies(place) if sums else {}
        others = [one for one in possible if one != (named or self.settlement.currency)]
        if named == OWN:
            return
        if named and possible:
            yield from self._convertible(named, others)
        elif len(possible) > 1:
            told = {
                "currencies": ", ".join(sorted(possible)),
                "other": others[0],
                "values": in_words(self.fields, possible[others[0]]),
            }
            yield from ((at, Reason("check.sum_without_currency", {"figure": FIGURES[figure], **told})) for at, figure in sums)

    def _convertible(self, named: str, others: list[str]) -> Found:
        known = self.settlement.exchange.rates if self.settlement.exchange else {}
        for other in others:
            if (named, other) not in known:
                yield "currency", Reason("check.no_rate_between", {"given": named, "wanted": other})

    def _currencies(self, place: Place) -> dict[str, Mapping[str, Any]]:
        """In which what is charged there can be, each with values for which it is."""
        found: dict[str, Mapping[str, Any]] = {}
        before = place.before
        terms = [
            (terms.currency, 1 << index, rule.condition is None) for index, (rule, terms) in enumerate(self.settlement.terms)
        ]
        for currency, bit, sure in (*terms, (self.settlement.currency, 0, False)):
            point = next(self.space.uncovered(before, place.within | bit), None) if currency not in found else None
            if point is not None:
                found[currency] = point
            before |= bit if sure else 0
        return found


def _sums(place: Place) -> Iterator[tuple[str, str]]:
    """(where, which figure): those that are more than nothing."""
    places = [("", place.charge), *((f"tiers/{index}/", tier) for index, tier in enumerate(place.charge.get("tiers", ())))]
    for at, figures in places:
        yield from ((f"{at}{one}", one) for one in place.sums if figures.get(one) is not None and Decimal(figures[one]))
