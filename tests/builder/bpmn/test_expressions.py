"""Conditions as other tools write them: the simple ones are read, all else is left alone; ours are written so as to be read."""

from typing import Any

import pytest

from dougong.builder.bpmn.expressions import as_tree, names_of, understood, written
from dougong.builder.bpmn.times import span
from tests.drawing import all_of, any_of, rule


def read(expression: str) -> dict[str, Any] | None:
    group = understood(expression)
    if group is None:
        return None
    return as_tree(group, {name: name for one in names_of(group) for name in (one.name, one.other) if name})


READ = {
    "${amount > 1000}": all_of(rule("amount", "greater", "1000")),
    "#{amount ge 1000.50}": all_of(rule("amount", "at_least", "1000.50")),
    "=amount <= 10": all_of(rule("amount", "at_most", "10")),
    "${1000 < amount}": all_of(rule("amount", "greater", "1000")),
    "${amount == 5L}": all_of(rule("amount", "equals", "5")),
    "${approved}": all_of(rule("approved", "is_true")),
    "${!approved}": all_of(rule("approved", "is_false")),
    "${approved == false}": all_of(rule("approved", "is_false")),
    "${approved != true}": all_of(rule("approved", "is_false")),
    "=not(approved)": all_of(rule("approved", "is_false")),
    "${status == 'open' && !urgent}": all_of(rule("status", "equals", "open"), rule("urgent", "is_false")),
    '=status = "open" or status = "late"': any_of(rule("status", "equals", "open"), rule("status", "equals", "late")),
    "${a > 1 and (b > 2 or c)}": all_of(rule("a", "greater", "1"), any_of(rule("b", "greater", "2"), rule("c", "is_true"))),
    "${empty reason}": all_of(rule("reason", "empty")),
    "${not empty reason}": all_of(rule("reason", "not_empty")),
    "${reason == null}": all_of(rule("reason", "empty")),
    "${reason != null}": all_of(rule("reason", "not_empty")),
    '${outcome.equals("yes")}': all_of(rule("outcome", "equals", "yes")),
    "${execution.getVariable('days') > 3}": all_of(rule("days", "greater", "3")),
    '=region in ["east", "west"]': all_of(rule("region", "one_of", ["east", "west"])),
    "=amount in [1..5]": all_of(rule("amount", "between", ["1", "5"])),
    "${low < high}": all_of(rule("low", "less", "high", source="field")),
    '${day > "2026-01-01"}': all_of(rule("day", "after", "2026-01-01")),
    "${金额 >= 500}": all_of(rule("金额", "at_least", "500")),
    "days >= 3;": all_of(rule("days", "at_least", "3")),
    "${!(a > 1)}": {"combinator": "and", "not": True, "rules": [rule("a", "greater", "1")]},
}  # fmt: skip


@pytest.mark.parametrize(("expression", "tree"), READ.items(), ids=[*READ])
def test_a_simple_comparison_is_read(expression: str, tree: dict[str, Any]) -> None:
    assert read(expression) == tree


@pytest.mark.parametrize(
    "expression",
    [
        "", "true", "${bean.decide(execution)}", "${a + b > 3}", "return x > 3", "${list.size() > 2}", "a > ", "> 3", "(a > 1",
        "a > 1)", "a > 1 b", "a = 5 > 3", "amount matches '.*'", "some x in list satisfies x > 1", "${a ? b : c}", "a > 1e5",
        "(" * 500 + "a" + ")" * 500, "!" * 500 + "a", " or ".join("a" for _ in range(60)), "a" * 3000, '"a" > 5', "a > 'b'",
        "x = \"line\nbreak\"",
    ],
)  # fmt: skip
def test_all_else_is_left_alone(expression: str) -> None:
    assert understood(expression) is None


@pytest.mark.parametrize(
    ("tree", "words"),
    [
        (all_of(rule("amount", "greater", "1000")), "amount > 1000"),
        (all_of(rule("a", "empty"), any_of(rule("b", "is_true"), rule("c", "empty"))), "a = null and (b = true or c = null)"),
        (all_of(rule("a", "one_of", ["x", "y"])), 'a in ["x", "y"]'),
        (all_of(rule("a", "between", ["1", "5"])), 'between(a, "1", "5")'),
        (all_of(rule("a", "empty"), rule("b", "not_empty")), "a = null and b != null"),
        (all_of(rule("name", "starts_with", "李")), 'starts_with(name, "李")'),
        (all_of(rule("a", "less", "b", source="field")), "a < b"),
        ({"combinator": "or", "not": True, "rules": [rule("a", "is_true"), rule("b", "is_true")]}, "not(a = true or b = true)"),
        (all_of(), "true"),
    ],
)  # fmt: skip
def test_ours_are_written_as_sentences_of_feel(tree: dict[str, Any], words: str) -> None:
    assert written(tree) == words


@pytest.mark.parametrize("tree", [tree for tree in READ.values() if tree["rules"]])
def test_what_is_written_is_read_as_the_same(tree: dict[str, Any]) -> None:
    assert read(written(tree)) == tree


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("PT4H", (4, "hours")), ("P3D", (3, "days")), ("P1DT2H", (26, "hours")), ("PT90S", (2, "minutes")),
        ("P2W", (14, "days")), ("P", None), ("PT", None), ("", None),
        ("P1M", (30, "days")), ('="PT15M"', (15, "minutes")), ("R3/PT10M", (10, "minutes")),
        ("PT0S", None), ("P9999Y", None), ("${due}", None), ("2026-01-01T00:00:00Z", None),
    ],
)  # fmt: skip
def test_durations(words: str, found: tuple[int, str] | None) -> None:
    assert span(words) == (found and {"amount": found[0], "unit": found[1]})
