"""The ways out of a decision, judged by values: ways that cross, ways that are never taken, values for which none is open.

Every field that is asked is divided into the places that the comparisons can tell apart (`partition.py`), with an example for
each; a search assigns them field by field and gives up a branch as soon as the conditions, decided with what is known so far
(`Condition.foresee`), contradict what is looked for. Each finding is such an example. Particular before general is how
priorities are used: of two ways that can both be open, only those are told of which neither holds the other.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any, Final

from ..definition import Definition, Edge, Node
from ..examples import in_words
from ..form import Field
from ..nodes import NODE_TYPES
from ..operators import OPERATORS
from ..partition import examples
from ..problem import Problem
from ..reason import Reason
from ..rules import Condition, compile_condition, rules_of
from ..rules import problems as condition_problems

MAX_STEPS: Final = 20_000  # for one decision

Point = dict[str, Any]
Rule = Mapping[str, Any]


class TooMany(Exception):
    """The search was given up."""


@dataclass
class Search:
    """`values` by field: an example for each of its places; `linked`: itself and the fields that it is compared with."""

    values: Mapping[str, Sequence[Any]]
    linked: Mapping[str, Sequence[str]]
    exact: bool
    steps: int = MAX_STEPS
    unsure: bool = False  # something was not found, and might yet be there

    def find(self, wanted: Sequence[tuple[Condition, bool]]) -> Point | None:
        """Values with which each of the conditions holds, or not, as is wanted. Raises TooMany."""
        asked = {linked for condition, _ in wanted for key in condition.fields for linked in self.linked[key]}
        found = self._find(wanted, [key for key in self.values if key in asked], {})
        self.unsure = self.unsure or (found is None and not self.exact)
        return found

    def never(self, *wanted: tuple[Condition, bool]) -> bool:
        """Only what was looked at everywhere is said never to be."""
        return self.find(wanted) is None and self.exact

    def _find(self, wanted: Sequence[tuple[Condition, bool]], keys: Sequence[str], point: Point) -> Point | None:
        self.steps -= 1
        if self.steps < 0:
            raise TooMany
        answers = [(condition.foresee(point), truth) for condition, truth in wanted]
        if any(answer is not None and answer is not truth for answer, truth in answers):
            return None
        if all(answer is not None for answer, _ in answers):
            return point
        if not keys:  # it depends on the day on which it will be asked
            return None
        for value in self.values[keys[0]]:
            found = self._find(wanted, keys[1:], {**point, keys[0]: value})
            if found is not None:
                return found
        return None


def problems(definition: Definition) -> Iterator[Problem]:
    for node in definition.nodes:
        kind = NODE_TYPES.get(node.type)
        if kind is not None and kind.conditional:
            yield from _decision(definition, node)


def apart(definition: Definition, one: str, other: str) -> bool:
    """Can the conditions of two ways (by uid) never hold together? What is not certain is no."""
    trees = [edge.get("when") for edge in definition.doc["edges"] if edge["uid"] in (one, other)]
    rules = [rule for tree in trees for rule in rules_of(tree)]
    fields = {key: found for key in _keys(rules) if (found := definition.field(key)) is not None}
    wrong = any(True for tree in trees for _ in condition_problems(tree, definition.kinds))
    conditions = [definition.edge[uid].when for uid in (one, other)]
    if wrong or len(fields) < len(_keys(rules)):
        return False
    try:
        return _search(fields, rules, definition.kinds).never(*((when, True) for when in conditions if when is not None))
    except TooMany:
        return False


def _decision(definition: Definition, node: Node) -> Iterator[Problem]:
    """Of a decision with conditions that are wrong in themselves nothing can be said; that is told elsewhere."""
    trees = {edge["uid"]: edge.get("when") for edge in definition.doc["edges"] if edge["source"] == node.uid}
    ways = [edge for edge in definition.out[node.uid] if not edge.default and edge.when is not None]
    rules = [rule for edge in ways for rule in rules_of(trees[edge.uid])]
    fields = {key: found for key in _keys(rules) if (found := definition.field(key)) is not None}
    wrong = any(True for edge in ways for _ in condition_problems(trees[edge.uid], definition.kinds))
    if not ways or wrong or not all(key in fields for key in _keys(rules)):
        return
    search = _search(fields, rules, definition.kinds)
    try:
        yield from _judged(definition, node, ways, fields, search)
    except TooMany:
        yield Problem(Reason("check.decision_too_large"), "warning", nodes=(node.uid,))
    if search.unsure:
        yield Problem(Reason("check.decision_not_exact"), "warning", nodes=(node.uid,))


def _judged(
    definition: Definition, node: Node, ways: Sequence[Edge], fields: Mapping[str, Field], search: Search
) -> Iterator[Problem]:
    first = node.type == "decide"  # the first way that is open is taken; other types take all
    dead: set[str] = set()
    for index, way in enumerate(ways):
        open_here = _open(way)
        if search.never((open_here, True)):
            dead.add(way.uid)
            yield _told(way, "check.way_never_open")
        elif first and search.never((open_here, True), *((_open(one), False) for one in ways[:index])):
            dead.add(way.uid)
            yield _told(way, "check.way_never_taken")
    if first:
        for upper, lower in combinations([way for way in ways if way.uid not in dead], 2):
            yield from _crossing(upper, lower, fields, search)
    if not any(edge.default or edge.when is None for edge in definition.ways(node.uid)):
        gap = search.find([(_open(way), False) for way in ways])
        if gap is not None:
            yield Problem(Reason("check.no_way_open", {"values": in_words(fields, gap)}), "warning", nodes=(node.uid,))


def _crossing(upper: Edge, lower: Edge, fields: Mapping[str, Field], search: Search) -> Iterator[Problem]:
    one, other = _open(upper), _open(lower)
    both = search.find([(one, True), (other, True)])
    if both is not None and search.find([(one, True), (other, False)]) is not None:
        params = {"values": in_words(fields, both), "way": upper.title or {"zh-Hans": "—", "en": "—"}}
        yield Problem(Reason("check.ways_cross", params), "warning", edges=(lower.uid, upper.uid))


def _open(way: Edge) -> Condition:
    assert way.when is not None
    return way.when


def _told(way: Edge, code: str) -> Problem:
    return Problem(Reason(code), "warning", edges=(way.uid,))


def _keys(rules: Sequence[Rule]) -> list[str]:
    """The fields that are asked, each once, in their order."""
    return list(dict.fromkeys(key for rule in rules for key in (rule["field"], _other(rule)) if key is not None))


def _other(rule: Rule) -> str | None:
    return str(rule.get("value")) if rule.get("source") == "field" else None


def _search(fields: Mapping[str, Field], rules: Sequence[Rule], kinds: Mapping[str, str]) -> Search:
    """Fields that are compared with each other share their bounds, with a place for each of them between two."""
    exact = True
    values: dict[str, Sequence[Any]] = {}
    linked: dict[str, Sequence[str]] = {}
    for group in _linked(rules):
        linked.update(dict.fromkeys(group, group))
        atoms = [rule for rule in rules if rule["field"] in group and _other(rule) is None]
        alike = len({(fields[key].type.name, repr(fields[key].config)) for key in group}) == 1
        exact = exact and (alike or len(group) == 1)
        for key in group:
            one = fields[key]
            found = examples(one.kind, one.config, atoms, type=one.type.name, spare=len(group))
            exact = exact and found.exact and not any(OPERATORS[atom["operator"]].clock for atom in atoms)
            values[key] = found.values if len(group) > 1 else _distinct(key, found.values, atoms, kinds)
    return Search({key: values[key] for key in fields}, linked, exact)


def _linked(rules: Sequence[Rule]) -> list[list[str]]:
    """The fields in groups: those that are compared with each other, however indirectly, together."""
    groups: list[list[str]] = []
    for rule in rules:
        keys = {key for key in (rule["field"], _other(rule)) if key is not None}
        touched = [group for group in groups if keys & set(group)]
        joined = list(dict.fromkeys([key for group in touched for key in group] + sorted(keys)))
        groups = [*(group for group in groups if group not in touched), joined]
    return groups


def _distinct(key: str, values: Sequence[Any], atoms: Sequence[Rule], kinds: Mapping[str, str]) -> list[Any]:
    """One value for each set of answers."""
    timeless = (atom for atom in atoms if not OPERATORS[atom["operator"]].clock)
    asked = [compile_condition({"combinator": "and", "rules": [atom]}, kinds) for atom in timeless]
    found: dict[tuple[bool, ...], Any] = {}
    for value in values:
        found.setdefault(tuple(one.holds({key: value}) for one in asked if one is not None), value)
    return list(found.values())
