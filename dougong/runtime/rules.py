"""Conditions: one closed tree, edited by the visual condition builder and stored as it edits it.

{"combinator": "and" | "or", "not": false, "rules": [{"field", "operator", "value", "source"}, or a tree, ...]}

A tree compiles once to a closure. Missing is not smaller than anything; equality is strict. The browser evaluates the
same tree with the same answers (`schemas/vectors/conditions.json`), but the server decides.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from .operators import OPERATORS
from .operators._type import Operator
from .reason import Reason
from .values import KIND_TITLES, Branching, comparable, missing

MAX_DEPTH: Final = 6
MAX_RULES: Final = 200

ME: Final = "@me"  # the key of who fills the form, in what a condition may name (with any kind) and in the data

Tree = Mapping[str, Any]
Data = Mapping[str, Any]
Answer = bool | None  # None: not known yet
Judge = Callable[[Data, bool, datetime | None], Answer]


class ConditionFault(Exception):
    """A condition that cannot be decided because it is wrong, not because something is missing."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.code)
        self.reason = reason


@dataclass(frozen=True)
class Condition:
    """`holds(data, now)` decides; `now`, in the company's zone, is for comparisons with today. `foresee(data)` answers None
    where a field that matters has not been set yet, where it depends on the day on which it will be asked, and where it is
    wrong."""

    judge: Judge
    fields: frozenset[str]

    def holds(self, data: Data, now: datetime | None = None) -> bool:
        return bool(self.judge(data, False, now))

    def foresee(self, data: Data) -> Answer:
        try:
            return self.judge(data, True, None)
        except ConditionFault:  # told on the ticket once it comes to that
            return None


def compile_condition(tree: Tree | None, kinds: Mapping[str, str]) -> Condition | None:
    """`kinds` names the value kind of every field that may be asked. None and an empty tree always hold: None.

    Never raises: what is wrong in the tree becomes a ConditionFault when it is asked (an incident on the ticket).
    """
    if tree is None or not tree.get("rules"):
        return None
    compared = {
        other for rule in rules_of(tree) if rule.get("source") == "field" and (other := str(rule.get("value"))) in kinds
    }
    return Condition(_compile(tree, kinds, 1), frozenset({rule["field"] for rule in rules_of(tree)} | compared))


def rules_of(tree: Tree | None) -> Iterator[Mapping[str, Any]]:
    """Every single comparison of the tree, in order."""
    for rule in (tree or {}).get("rules", ()):
        if "rules" in rule:
            yield from rules_of(rule)
        else:
            yield rule


def problems(tree: Tree | None, kinds: Mapping[str, str]) -> Iterator[tuple[Mapping[str, Any], Reason]]:
    """(rule, reason) of everything that would become an incident at run time."""
    if depth(tree) > MAX_DEPTH:
        yield tree or {}, Reason("condition.too_deep", {"limit": MAX_DEPTH})
    if sum(1 for _ in rules_of(tree)) > MAX_RULES:
        yield tree or {}, Reason("condition.too_many", {"limit": MAX_RULES})
    for rule in rules_of(tree):
        try:
            _rule(rule, kinds)
        except ConditionFault as fault:
            yield rule, fault.reason


def depth(tree: Tree | None) -> int:
    inner = [depth(rule) for rule in (tree or {}).get("rules", ()) if "rules" in rule]
    return 1 + max(inner, default=0)


def _compile(tree: Tree, kinds: Mapping[str, str], level: int) -> Judge:
    if level > MAX_DEPTH:
        return _fault(Reason("condition.too_deep", {"limit": MAX_DEPTH}))
    judges = tuple(_one(rule, kinds, level) for rule in tree["rules"])
    decisive = tree["combinator"] == "or"  # the answer that settles the whole at once
    flip = bool(tree.get("not"))

    def judge(data: Data, foreseeing: bool, now: datetime | None) -> Answer:
        unknown = False
        for one in judges:
            answer = one(data, foreseeing, now)
            if answer is decisive:
                return decisive is not flip
            unknown = unknown or answer is None
        return None if unknown else (not decisive) is not flip

    return judge


def _one(rule: Tree, kinds: Mapping[str, str], level: int) -> Judge:
    if "rules" in rule:
        return _compile(rule, kinds, level + 1) if rule["rules"] else (lambda data, foreseeing, now: True)
    try:
        return _rule(rule, kinds)
    except ConditionFault as fault:
        return _fault(fault.reason)


def _rule(rule: Tree, kinds: Mapping[str, str]) -> Judge:
    """One comparison; raises ConditionFault where the field, the operator or the operand is wrong."""
    field, name = rule["field"], rule["operator"]
    kind, operator = kinds.get(field), OPERATORS.get(name)
    if kind is None:
        raise ConditionFault(Reason("condition.unknown_field", {"field": field}))
    if operator is None or kind not in operator.kinds:
        shown = operator.title if operator else name
        raise ConditionFault(Reason("condition.operator_not_for_field", {"field": field, "operator": shown}))
    if rule.get("source") == "field" and operator.operand == "one":
        return _against_field(field, kind, operator, rule.get("value"), kinds)
    if operator.me:
        return _of_me(field, kind, operator, kinds)
    operand = _operand(rule, kind, operator)
    if operator.tree:
        if not isinstance(kind, Branching):
            raise ConditionFault(Reason("condition.operator_not_for_field", {"field": field, "operator": operator.title}))
        operand = kind.with_below(operand)

    def judge(data: Data, foreseeing: bool, now: datetime | None) -> Answer:
        if foreseeing and (field not in data or operator.clock):
            return None
        return _holds(operator, data.get(field), kind, operand, field, now)

    return judge


def _against_field(field: str, kind: str, operator: Operator, other: Any, kinds: Mapping[str, str]) -> Judge:
    wanted = operator.of or kind
    if other not in kinds:
        raise ConditionFault(Reason("condition.unknown_field", {"field": str(other)}))
    if kinds[other] != wanted:
        raise ConditionFault(Reason("condition.kinds_differ", {"field": field, "other": other}))

    def judge(data: Data, foreseeing: bool, now: datetime | None) -> Answer:
        if foreseeing and (field not in data or other not in data or operator.clock):
            return None
        if missing(data.get(other)):
            return operator.if_missing
        return _holds(operator, data.get(field), kind, _typed(data[other], wanted, field), field, now)

    return judge


def _of_me(field: str, kind: str, operator: Operator, kinds: Mapping[str, str]) -> Judge:
    if ME not in kinds:
        raise ConditionFault(Reason("condition.nobody_fills", {"operator": operator.title}))

    def judge(data: Data, foreseeing: bool, now: datetime | None) -> Answer:
        if foreseeing:
            return None
        if missing(data.get(field)):
            return operator.if_missing
        return not missing(data.get(ME)) and operator.holds(_typed(data[field], kind, field), data[ME])

    return judge


def _holds(operator: Operator, value: Any, kind: str, operand: Any, field: str, now: datetime | None) -> bool:
    if missing(value):
        return operator.if_missing
    typed = _typed(value, kind, field)
    if not operator.clock:
        return operator.holds(typed, operand)
    if now is None:
        raise ConditionFault(Reason("condition.no_clock", {"field": field, "operator": operator.title}))
    try:
        return operator.holds(typed, operand, now)
    except OverflowError:  # on the first or the last day of the calendar, seen from another zone
        raise _wrong_kind(value, kind, field) from None


def _typed(value: Any, kind: str, field: str) -> Any:
    try:
        return comparable(value, kind)
    except (ValueError, KeyError, TypeError):
        raise _wrong_kind(value, kind, field) from None


def _wrong_kind(value: Any, kind: str, field: str) -> ConditionFault:
    return ConditionFault(Reason("condition.wrong_kind", {"field": field, "kind": KIND_TITLES[kind], "found": str(value)[:60]}))


def _operand(rule: Tree, kind: str, operator: Operator) -> Any:
    value, field = rule.get("value"), rule["field"]
    kind = operator.of or kind
    match operator.operand:
        case "none":
            return None
        case "one":
            if missing(value) or isinstance(value, list):
                raise ConditionFault(Reason("condition.no_value", {"field": field}))
            return _typed(value, kind, field)
        case "many":
            if not isinstance(value, list) or not value or any(missing(item) for item in value):
                raise ConditionFault(Reason("condition.no_value", {"field": field}))
            single = "choice" if kind == "choices" else kind
            return tuple(_typed(item, single, field) for item in value)
        case "two":
            if not isinstance(value, list) or len(value) != 2 or any(missing(item) for item in value):
                raise ConditionFault(Reason("condition.two_values", {"field": field}))
            return tuple(_typed(item, kind, field) for item in value)


def _fault(reason: Reason) -> Judge:
    def judge(data: Data, foreseeing: bool, now: datetime | None) -> Answer:
        if foreseeing:
            return None
        raise ConditionFault(reason)

    return judge
