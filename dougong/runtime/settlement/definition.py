"""A settlement, compiled once: plain, frozen tables of rules, bounds, rates, terms, parties and roundings.

Two executors read it. `lines.py` and `statements.py` interpret it in Decimal and are its meaning; a batch plan may be generated
from it, as long as it comes to the same (`docs/decisions/0018-one-meaning-two-executors.md`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date as Day
from datetime import timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from ..fields import FIELD_TYPES
from ..reason import Reason
from ..texts import Text
from ..tiers._type import figures_of
from ..values import missing, moment
from .charging import Money
from .exchange import Exchange
from .faults import SettlementFault
from .measures import Measure
from .rounding import Rounding, roundings
from .rules import Rule, Table, rule_of, table_of
from .sharing import Party, proportions
from .taxes import NO_TAX, Tax
from .windows import Contract, Window, business_day, read_day, span_of

Values = Mapping[str, Any]
DAY = len("2026-10-31")  # what has been made one already stays it


class Terms(NamedTuple):
    currency: str
    tax: Tax
    uid: str | None


class Pool(NamedTuple):
    """What is added as long as there is budget: `rate` for each unit measured; first come by time and id."""

    rule: Rule
    measure: Measure
    rate: Decimal
    budget: Decimal


@dataclass(frozen=True)
class Settlement:
    """`line`: what a line is worth; `statement`: what a statement adds; `terms`: currency and tax, the first that fits."""

    key: str
    version: int
    kinds: Mapping[str, str]
    partner: str
    date: str
    currency: str
    line: Table | None
    statement: Table | None
    terms: tuple[tuple[Rule, Terms], ...]
    parties: tuple[Party, ...]
    remainder: str | int  # largest, first, last, or the place of the party that gets all of it
    pools: tuple[Pool, ...]
    exchange: Exchange | None
    rounding: Mapping[str, Rounding]
    limits: Mapping[str, Decimal]
    limits_currency: str
    period: str
    contract: Contract | None
    zone: str
    valid: tuple[Day | None, Day | None]
    amounts: frozenset[str]  # the inputs that are money
    lookups: Mapping[str, tuple[str, str]]  # input -> (input that names a record, field of the record)
    inputs: Mapping[str, Mapping[str, Any]]  # as they are drawn: for words

    @classmethod
    def from_json(cls, doc: Mapping[str, Any], version: int = 0) -> "Settlement":
        kinds = {one["key"]: FIELD_TYPES[one["type"]].kind for one in doc["inputs"] if one["type"] in FIELD_TYPES}
        days = {key: "date" if kind == "datetime" else kind for key, kind in kinds.items()}  # `local` has made them days
        at = (days, doc["partner"], doc["date"])
        dimensions = doc.get("term_dimensions", ())
        valid = doc.get("valid", {})
        return cls(
            key=doc["key"],
            version=version,
            kinds=kinds,
            partner=doc["partner"],
            date=doc["date"],
            currency=doc["currency"],
            line=table_of(doc.get("line"), *at),
            statement=table_of(doc.get("statement"), *at),
            terms=tuple((rule_of(one, dimensions, *at), _terms(one)) for one in doc.get("terms", ())),
            parties=tuple(Party.from_json(one, days) for one in doc.get("shares", ())),
            remainder=_remainder(doc),
            pools=tuple(_pool(one, dimensions, *at) for one in doc.get("pools", ())),
            exchange=Exchange.from_json(doc["exchange"], doc["date"]) if "exchange" in doc else None,
            rounding=roundings(doc.get("rounding", {})),
            limits=figures_of(doc.get("limits", {})),
            limits_currency=doc.get("limits", {}).get("currency", ""),
            period=doc.get("period", "month"),
            contract=Contract.from_json(doc.get("contract", {})) if doc.get("period") == "contract" else None,
            zone=doc.get("zone", "UTC"),
            valid=(read_day(valid.get("from")), read_day(valid.get("below"))),
            amounts=frozenset(one["key"] for one in doc["inputs"] if one["type"] == "money")
            | frozenset(doc.get("exchange", {}).get("amounts", ())),
            lookups={one["key"]: (one["from"]["input"], one["from"]["field"]) for one in doc["inputs"] if "from" in one},
            inputs={one["key"]: one for one in doc["inputs"]},
        )

    @cached_property
    def measured(self) -> dict[tuple[str, str, str], Text]:
        """What its measures are called, as far as it has been said already (`spans.py`)."""
        return {}

    @cached_property
    def windows(self) -> frozenset[Window]:
        """Over which lines and statements measure."""
        return frozenset(window for table in (self.line, self.statement) if table for window in table.windows)

    @cached_property
    def looks_beyond(self) -> bool:
        """Does a rule of the statement measure over other lines than those at hand?"""
        return self.statement is not None and self.statement.looks_beyond

    @cached_property
    def lines_look_beyond(self) -> bool:
        """Does what a line is worth depend on other lines?"""
        return bool(self.pools) or (self.line is not None and self.line.looks_beyond)

    @cached_property
    def lines_look_ahead(self) -> bool:
        """On lines that may come later?"""
        return self.line is not None and self.line.looks_ahead

    @cached_property
    def proportions(self) -> tuple[int, ...]:
        return proportions(self.parties)

    @cached_property
    def shares_money(self) -> bool:
        """Does a share name the currency of its sum?"""
        return any(one.currency for one in self.parties)

    @cached_property
    def roundings(self) -> tuple[Rounding, ...]:
        """In the order of the calculation."""
        return tuple(self.rounding.values())

    @cached_property
    def moments(self) -> tuple[str, ...]:
        return tuple(key for key, kind in self.kinds.items() if kind == "datetime")

    def local(self, values: Values) -> Values:
        """The values with every moment as the day that it is in the zone of the settlement."""
        there = [key for key in self.moments if not missing(values.get(key)) and len(str(values[key])) > DAY]
        if not there:
            return values
        zone = ZoneInfo(self.zone)
        try:
            return {**values, **{key: moment(values[key]).astimezone(zone).date().isoformat() for key in there}}
        except (ValueError, OverflowError):
            raise SettlementFault("settle.not_a_date", found=", ".join(str(values[key]) for key in there)[:40]) from None

    def day_of(self, values: Values) -> Day | None:
        """The business day, in the zone of the settlement. Raises SettlementFault where it is no date."""
        return self.day_in(self.local(values))

    def day_in(self, here: Values) -> Day | None:
        """The business day of values whose moments are days already."""
        return business_day(here.get(self.date))

    def called(self, fault: SettlementFault) -> Reason:
        """The reason with the input that it names as people call it."""
        key = fault.reason.params.get("input")
        column = self.inputs.get(key) if isinstance(key, str) else None
        return Reason(fault.reason.code, {**fault.reason.params, "input": column["title"]}) if column else fault.reason

    def money(self, currency: str, day: Day | None) -> Money:
        return Money(currency, day, self.exchange, self.rounding["convert"], self.amounts)

    def last_day(self, begin: Day | None) -> Day | None:
        """By whose rates the sums of a statement are converted. `begin`: its first day, by that of a contract itself."""
        return begin and (begin if self.contract else span_of(self.period, begin).end - timedelta(days=1))

    def end_of(self, day: Day | None, here: Values) -> Day | None:
        """The first day after the statement of that day; of a contract as these values say (`here`: moments are days already).
        None where that is not known."""
        if self.contract is not None:
            return self.contract.bounds(here)[1]
        return None if day is None else span_of(self.period, day).end

    def begin_of(self, values: Values) -> Day | None:
        """The first day of what the line's statement is about: a period, or its contract; none without a business day.

        Raises SettlementFault.
        """
        here = self.local(values)
        day = self.day_in(here)
        if day is None:
            return None
        return span_of(self.period, day).start if self.contract is None else self.contract.begin(here, day)

    def in_force(self, day: Day) -> bool:
        """Is this settlement the one for that business day?"""
        start, end = self.valid
        return (start is None or start <= day) and (end is None or day < end)

    def terms_of(self, values: Values) -> Terms:
        """Currency and tax: of the first term that fits; else its own currency, out of scope of tax."""
        if not self.terms:
            return Terms(self.currency, NO_TAX, None)
        here = self.local(values)
        found = next((terms for rule, terms in self.terms if rule.fits(here)), None)
        return found or Terms(self.currency, NO_TAX, None)


def _terms(doc: Mapping[str, Any]) -> Terms:
    tax = doc["tax"]
    return Terms(doc["currency"], Tax(tax["kind"], Decimal(tax.get("rate", "0")), tax.get("per", "statement")), doc["uid"])


def _remainder(doc: Mapping[str, Any]) -> str | int:
    wanted: str = doc.get("remainder", "largest")
    return next((index for index, one in enumerate(doc.get("shares", ())) if one["uid"] == wanted), wanted)


def _pool(doc: Mapping[str, Any], dimensions: Any, kinds: Mapping[str, str], partner: str, date_input: str) -> Pool:
    rate = Decimal(doc["percent"]) / 100 if "percent" in doc else Decimal(doc["rate"])
    measure = Measure.from_json(doc["measure"], kinds, partner)
    return Pool(rule_of(doc, dimensions, kinds, partner, date_input), measure, rate, Decimal(doc["budget"]))
