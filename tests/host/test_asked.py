"""What the host answers from rows that are given: who serves a place, who stands in, what a record adds."""

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import pytest

from dougong.runtime.host import answers

NOW = datetime(2026, 10, 5, 12, tzinfo=UTC)


class Rows:
    """A connection that has these rows, whatever it is asked."""

    def __init__(self, *rows: tuple[Any, ...]) -> None:
        self.rows = rows

    def execute(self, statement: str, asked: dict[str, Any]) -> "Rows":
        return self

    def once(self, statement: str, asked: dict[str, Any]) -> Iterable[tuple[Any, ...]]:
        return self.rows

    def __iter__(self) -> Any:
        return iter(self.rows)

    def fetchone(self) -> Any:
        return next(iter(self.rows), None)


@pytest.mark.parametrize(
    ("region", "unit"), [("440305", "city"), ("4401", "province"), ("31", None), ("4", None), (None, None)]
)
def test_the_closest_area_serves_a_place_and_of_two_alike_the_first(region: str | None, unit: str | None) -> None:
    areas = (("province", "44"), ("city", "4403"), ("other", "4403"))
    served = answers._serving(Rows(*((id, None, json.dumps([area])) for id, area in areas)), "t", region)
    assert served == unit


@pytest.mark.parametrize(
    ("since", "until", "workflows", "there"),
    [
        ("2026-10-05T12:00:00.000Z", "2026-10-06T00:00:00.000Z", [], True),
        ("2026-10-01T00:00:00.000Z", "2026-10-05T12:00:00.000Z", [], False),
        ("2026-10-01T00:00:00.000Z", "2026-10-06T00:00:00.000Z", ["visits"], True),
        ("2026-10-01T00:00:00.000Z", "2026-10-06T00:00:00.000Z", ["claims"], False),
    ],
)
def test_who_stands_in_does_from_the_first_moment_until_before_the_last(
    since: str, until: str, workflows: list[str], there: bool
) -> None:
    rows = Rows(*[("deputy", since, until, json.dumps(workflows))] * 2)
    found = answers._with_deputies(rows, "t", ["person:a", "role:x"], NOW, "visits")
    assert found == ["person:a", "role:x", *["person:deputy"] * there]


def test_a_record_adds_what_was_not_given_and_nothing_else() -> None:
    source = {"from": {"input": "who", "field": "size"}}
    doc = {"inputs": [{"key": "who", "config": {"entity": "dealer"}}, {"key": "size", **source}]}
    record = Rows((json.dumps({"size": "9"}),))
    found = [
        answers.filled(record, "t", doc, {"who": {"id": "r1"}, "size": size})["size"] for size in (None, "", 0, False, "3")
    ]
    assert found == ["9", "9", 0, False, "3"]
