"""Checks of the logic of a settlement's rules, exactly: overlaps, rules that are never taken, values without a rule."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import islice
from typing import Any, Final

from dougong.runtime.checks.coverage import Space, TooMany
from dougong.runtime.examples import in_words
from dougong.runtime.fields import FIELD_TYPES
from dougong.runtime.form import Field
from dougong.runtime.problem import Problem
from dougong.runtime.reason import Reason
from dougong.runtime.rules import Condition, Judge
from dougong.runtime.settlement.rules import Rule, Test
from dougong.runtime.table import Cell, Column, bits
from dougong.runtime.values import plain

MAX_TOLD: Final = 50
MAX_GAPS: Final = 3


@dataclass(frozen=True)
class Rules:
    """`rules` in the order in which they are asked; `paths`: where each stands, by its uid."""

    rules: Sequence[Rule]
    policy: str
    fields: Mapping[str, Field]
    paths: Mapping[str, str]

    @property
    def sure(self) -> int:
        """Those without a condition beside their cells, as bits: the others may not fit after all."""
        return sum(1 << index for index, rule in enumerate(self.rules) if rule.condition is None)

    def number(self, index: int) -> int:
        """As people count the rows."""
        return int(self.paths[self.rules[index].uid].rpartition("/")[2]) + 1

    def at(self, index: int, code: str, params: dict[str, Any], severity: str) -> Problem:
        rule = self.rules[index]
        return Problem(Reason(code, params), severity, fields=(rule.uid,), path=self.paths[rule.uid])


def problems(table: Rules, gap: str | None, top: str) -> Iterator[Problem]:
    """`gap`: what to say of values without a rule, at `top`; nothing where that is as it should be."""
    space = Space.over(columns(table, filled=False), len(table.rules))
    if not space.exact or not table.rules:
        return
    dead, sure = space.dead(), table.sure
    for index in islice(bits(dead), MAX_TOLD):
        yield table.at(index, "check.rule_never_hits", {}, "warning")
    try:
        if table.policy == "unique":
            yield from islice(_overlaps(table, space, sure & ~dead), MAX_TOLD)
        if table.policy == "first":
            yield from islice(_shadowed(table, space, sure & ~dead, dead), MAX_TOLD)
        # Values that are missing are told of when the line comes.
        brought = Space.over(columns(table, filled=True), len(table.rules))
        for point in islice(brought.uncovered(sure), MAX_GAPS if gap else 0):
            yield Problem(Reason(str(gap), {"values": in_words(table.fields, point)}), "warning", path=top)
    except TooMany:
        yield Problem(Reason("check.table_too_many_cases"), "warning", path=top)


def left_out(table: Rules, dimensions: Mapping[str, str]) -> Iterator[Problem]:
    """Options that no rule names, where rules differ by them and name most: told at the last of these cells, in `dimensions` by
    its input. Where a rule asks nothing of it, or only few are named, that is how it is meant."""
    for key, uid in dimensions.items():
        cells = [tuple(test for test in rule.tests if test.input == key) for rule in table.rules]
        options = table.fields[key].config.get("options", ()) if key in table.fields else ()
        keys = [option["key"] for option in options if isinstance(option, dict)]
        left = [one for one in keys if not any(all(test.passes(one) for test in tests) for tests in cells)]
        if all(cells) and len(set(cells)) > 1 and 0 < len(left) < len(keys) - len(left):
            last = max(range(len(cells)), key=table.number)
            problem = table.at(last, "check.option_left_out", {"values": in_words(table.fields, {key: left[0]})}, "warning")
            yield replace(problem, path=f"{problem.path}/when/{uid}")


def slits(rules: Sequence[Mapping[str, Any]], dimensions: Mapping[str, str], fields: Mapping[str, Field]) -> Iterator[Problem]:
    """Ranges that nearly meet (below 1000, from 1001) and ask the same besides: what lies between has no rule."""
    for key, uid in dimensions.items():
        if key not in fields or fields[key].kind != "number":
            continue
        for index, one in enumerate(rules):
            alike = [other["when"].get(uid) for other in rules if _besides(other, uid) == _besides(one, uid)]
            start = Decimal(one["when"].get(uid, {}).get("from", 0))
            ends = [end for cell in alike if cell and "below" in cell and 0 < start - (end := Decimal(cell["below"])) <= 1]
            if ends and all(cell and not _within(cell, max(ends)) for cell in alike):
                reason = Reason("check.range_slit", {"values": in_words(fields, {key: plain(max(ends))})})
                yield Problem(reason, "warning", fields=(one["uid"],), path=f"/statement/rules/{index}/when/{uid}")


def _besides(rule: Mapping[str, Any], uid: str) -> dict[str, Any]:
    return {name: cell for name, cell in rule["when"].items() if name != uid}


def _within(cell: Mapping[str, Any], value: Decimal) -> bool:
    """Not known of what is no range: then it may be."""
    if not {"from", "below"} & cell.keys():
        return True
    return Decimal(cell.get("from", value)) <= value < Decimal(cell.get("below", value + 1))


def columns(table: Rules, *, filled: bool) -> Iterator[Column]:
    """The tests of the rules, input by input. `filled`: only of lines that bring every value."""
    for key in dict.fromkeys(test.input for rule in table.rules for test in rule.tests):
        if key not in table.fields:
            continue
        cells: dict[tuple[Test, ...], int] = {}
        free = 0
        for index, rule in enumerate(table.rules):
            tests = tuple(test for test in rule.tests if test.input == key)
            if tests:
                cells[tests] = cells.get(tests, 0) | 1 << index
            else:
                free |= 1 << index
        field = _as_day(table.fields[key])
        required = replace(field, required=field.required or filled)
        yield Column(required, tuple(_cell(key, tests, held) for tests, held in cells.items()), free, None)


def _as_day(field: Field) -> Field:
    """A moment is asked for as the day that it is."""
    return replace(field, type=FIELD_TYPES["date"], config={}) if field.kind == "datetime" else field


def _cell(key: str, tests: Sequence[Test], held: int) -> Cell:
    values = [value for test in tests for value in (test.operand if test.how in ("in", "not_in") else [test.operand])]
    atoms = [{"operator": "equals", "value": _written(value)} for value in values if value is not None]
    return Cell(Condition(_judge(key, tests), frozenset({key})), atoms, held)


def _judge(key: str, tests: Sequence[Test]) -> Judge:
    return lambda data, foreseeing, now: all(test.passes(data.get(key)) for test in tests)


def _written(value: Any) -> Any:
    """As JSON has it."""
    if value in ("true", "false"):
        return value == "true"
    return value.isoformat() if hasattr(value, "isoformat") else value if isinstance(value, str) else plain(value)


def _overlaps(table: Rules, space: Space, sure: int) -> Iterator[Problem]:
    """At the later of two rules, which names the first that it meets."""
    for later in bits(sure):
        earlier = next(bits(space.together(later) & sure & ((1 << later) - 1)), None)
        if earlier is not None:
            values = in_words(table.fields, space.point(1 << later | 1 << earlier))
            yield table.at(later, "check.rules_overlap", {"other": table.number(earlier), "values": values}, "error")


def _shadowed(table: Rules, space: Space, sure: int, dead: int) -> Iterator[Problem]:
    """Rules that fit only where another is taken: one before them, or several together."""
    for index in range(1, len(table.rules)):
        before = ((1 << index) - 1) & sure
        if dead >> index & 1 or not before:
            continue
        alone = next(bits(space.covering(index) & before), None)
        if alone is not None:
            yield table.at(index, "check.rule_shadowed", {"other": table.number(alone)}, "warning")
        elif next(space.uncovered(before & space.together(index), 1 << index), None) is None:
            yield table.at(index, "check.rule_shadowed_by_several", {}, "warning")
