"""Tables of rules: which of them fit a line, by dimensions, dates and conditions; and which of those are taken."""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any, Final, NamedTuple

from ..rules import Condition, ConditionFault, compile_condition
from ..texts import Text
from ..tiers import MODELS
from ..tiers._type import SUMS, UNIT_PRICE, Charge, TierModel
from ..values import comparable, missing, plain
from .faults import SettlementFault
from .measures import Measure
from .windows import Window

Values = Mapping[str, Any]
Doc = Mapping[str, Any]
COLLECTS: Final = ("sum", "max", "min")


class Test(NamedTuple):
    """One comparison of a cell. `how`: in, not_in (places lie in areas), from (incl.), below (excl.)."""

    input: str
    kind: str
    how: str
    operand: Any

    def passes(self, value: Any) -> bool:
        """A missing value passes nothing but `not_in`."""
        if missing(value):
            return self.how == "not_in"
        try:
            found = comparable(value, self.kind)
        except (ValueError, KeyError, TypeError):
            return False
        match self.how:
            case "in":
                return self._is_one(found)
            case "not_in":
                return not self._is_one(found)
            case "from":
                return self.operand is not None and found >= self.operand
        return self.operand is not None and found < self.operand

    def _is_one(self, found: Any) -> bool:
        return found.startswith(self.operand) if self.kind == "region" else as_cell(found) in self.operand


class Prorate(NamedTuple):
    """Only the days of the period from one to the other, both inside; `of`: so many days make the whole (0: its own)."""

    period: str
    since: str
    until: str
    of: int


class Pricing(NamedTuple):
    """What a rule charges. `marginal`: what a line adds to those before it in the window of the measure; `own_limits`: then the
    base fee and the limits are those of each line, not of what all of them come to."""

    charge: Charge
    model: TierModel | None
    measure: Measure
    qualifier: Measure | None
    target: Measure | None
    marginal: bool
    prorate: Prorate | None
    own_limits: bool = False

    def sums(self, amounts: Container[str]) -> tuple[str, ...]:
        """The figures that are money; `amounts`: the inputs that are. A unit price is, where no money is measured."""
        money = self.measure.how == "lines" or self.measure.input in amounts
        return (*SUMS, UNIT_PRICE) if self.model is not None and self.model.per_unit and not money else SUMS

    @property
    def measures(self) -> tuple[Measure, ...]:
        return tuple(one for one in (self.measure, self.qualifier, self.target) if one is not None)

    @property
    def looks_ahead(self) -> bool:
        others = self.measures[1:] if self.marginal else self.measures
        return any(one.over is not None and not one.over.so_far for one in others)

    @property
    def looks_beyond(self) -> bool:
        """Does it measure over a window?"""
        return any(one.over is not None for one in self.measures)

    @classmethod
    def from_json(cls, doc: Doc, kinds: Mapping[str, str], partner: str, negative: str = "mirror") -> "Pricing":
        def measure(name: str) -> Measure | None:
            return Measure.from_json(doc[name], kinds, partner) if name in doc else None

        days = doc.get("prorate")
        prorate = Prorate(days["period"], days.get("from", ""), days.get("to", ""), int(days.get("of", 0))) if days else None
        return cls(
            Charge.from_json(doc, negative), MODELS.get(doc["model"]), measure("measure") or Measure("count"),
            measure("qualifier"), measure("target"), bool(doc.get("marginal")), prorate, bool(doc.get("own_limits")),
        )  # fmt: skip


@dataclass(frozen=True)
class Rule:
    """`tests` hold the dimensions and, on the business date, from when until when the rule is valid."""

    uid: str
    title: Text | None
    tests: tuple[Test, ...]
    condition: Condition | None
    pricing: Pricing | None

    def fits(self, values: Values) -> bool:
        return all(test.passes(values.get(test.input)) for test in self.tests) and self.holds(values)

    def holds(self, values: Values) -> bool:
        """Does its condition?"""
        try:
            return self.condition is None or self.condition.holds(values)
        except ConditionFault as fault:
            raise SettlementFault(fault.reason.code, **fault.reason.params) from None


@dataclass(frozen=True)
class Table:
    """`rules` in the order in which they are asked: higher priority first, then as drawn."""

    rules: tuple[Rule, ...]
    policy: str = "first"
    collect: str = "sum"

    @cached_property
    def windows(self) -> frozenset[Window]:
        """Over which its rules measure."""
        return frozenset(one.over for rule in self.rules if rule.pricing for one in rule.pricing.measures if one.over)

    @property
    def looks_beyond(self) -> bool:
        """Does a rule measure over a window?"""
        return bool(self.windows)

    @cached_property
    def looks_ahead(self) -> bool:
        """Does a rule measure over lines that may come later? What a line adds, or which one it is, the lines before it say."""
        return any(rule.pricing.looks_ahead for rule in self.rules if rule.pricing)

    def hits(self, values: Values) -> tuple[Rule, ...]:
        """The rules that are taken. Raises SettlementFault where only one may fit and several do."""
        if self.policy == "first":
            return next(((rule,) for rule in self.rules if rule.fits(values)), ())
        found = tuple(rule for rule in self.rules if rule.fits(values))
        if self.policy == "unique" and len(found) > 1:
            raise SettlementFault("settle.several_rules", rules=", ".join(rule.uid for rule in found[:10]))
        return found

    def shown(self, values: Values) -> str:
        """The values that the rules asked for, for the sentence that says none fits."""
        asked = dict.fromkeys(test.input for rule in self.rules for test in rule.tests)
        return ", ".join(f"{name} = {_as_text(values.get(name)) or '—'}" for name in asked)


def table_of(doc: Doc | None, kinds: Mapping[str, str], partner: str, date_input: str) -> Table | None:
    if doc is None:
        return None
    ranked = sorted(doc["rules"], key=lambda one: -one.get("priority", 0))
    negative = doc.get("negative", "mirror")
    rules = tuple(rule_of(one, doc["dimensions"], kinds, partner, date_input, negative) for one in ranked)
    return Table(rules, doc.get("policy", "first"), doc.get("collect", "sum"))


def rule_of(
    doc: Doc, dimensions: Sequence[Doc], kinds: Mapping[str, str], partner: str, date_input: str, negative: str = "mirror"
) -> Rule:
    inputs = {one["uid"]: one["input"] for one in dimensions}
    tests = [
        Test(name, kind, how, _operand(how, wanted, kind))
        for uid, cell in doc.get("when", {}).items()
        if (name := inputs.get(uid)) is not None
        for kind in [kinds.get(name, "text")]
        for how, wanted in cell.items()
    ]
    tests += [Test(date_input, "date", how, _operand(how, day, "date")) for how, day in doc.get("valid", {}).items()]
    pricing = Pricing.from_json(doc["charge"], kinds, partner, negative) if "charge" in doc else None
    return Rule(doc["uid"], doc.get("title"), tuple(tests), compile_condition(doc.get("condition"), kinds), pricing)


def _operand(how: str, wanted: Any, kind: str) -> Any:
    if how in ("in", "not_in"):
        return tuple(wanted) if kind == "region" else frozenset(_same(one) if kind == "number" else one for one in wanted)
    try:
        return comparable(wanted, kind)
    except ValueError:
        return None


def as_cell(found: Any) -> str:
    """A comparable value as the cells of a table write it: 10.50 is 10.5, yes is true."""
    if isinstance(found, bool):
        return "true" if found else "false"
    return plain(found) if isinstance(found, Decimal) else str(found)


def _same(wanted: str) -> str:
    try:
        return as_cell(comparable(wanted, "number"))
    except ValueError:
        return wanted


def _as_text(value: Any) -> str:
    if isinstance(value, dict):
        return str(value.get("id", value.get("region", "")))
    return "" if value is None else plain(value) if isinstance(value, Decimal) else str(value)
