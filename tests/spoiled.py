"""Definitions of the shelf with something wrong in a few places: odd values, what is left out, doubled, exchanged, or meant
for another place, so that ids lead nowhere, to another, or round in circles."""

import copy
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from hypothesis import strategies as st

Path = tuple[Any, ...]
DEEP: Any = "x"
for _ in range(20):
    DEEP = {"not": True, "rules": [DEEP]}
ODD: list[Any] = [
    None, "", "x", "1", "-1.5", 0, -1, 1, 10**9, 2**53 - 1, True, False, [], [1], ["x"], [None], {}, {"a": 1}, {"uid": "x"},
    [{}], [[]], "漏水", "x" * 300, "9" * 400, f"0.{'0' * 60}1", DEEP, "\u202eabc", "👩‍👩‍👧", "\u200b", " ", "\u2028", "İ", "٣",
    "１/0", "1/0", "IF(", "SUM(items.amount)", "{x}", "{", "=1+1", "../x", "America", "role:", "2026-02-30", "24:00",
    "9999-12-31", "0001-01-01", "9999-12-31T23:59:59+00:00", "0001-01-01T00:00:00+00:00",
    "Infinity", {"by": "role", "role": "nobody"}, {"by": "handler", "node": "x"}, {"combinator": "and", "rules": []},
]  # fmt: skip


def places(part: Any, path: Path = ()) -> Iterator[Path]:
    """Every place within a document, the stories left out: they are many and are not checked but played."""
    inner = part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else ()
    for key, value in inner:
        if key not in ("stories", "layout"):
            yield (*path, key)
            yield from places(value, (*path, key))


def at(doc: Any, path: Path) -> Any:
    for step in path:
        doc = doc[step]
    return doc


def _odd(draw: Any, part: Any, key: Any, others: Any) -> None:
    part[key] = copy.deepcopy(draw(st.sampled_from(ODD)))


def _left_out(draw: Any, part: Any, key: Any, others: Any) -> None:
    del part[key]


def _doubled(draw: Any, part: Any, key: Any, others: Any) -> None:
    part.insert(key, copy.deepcopy(part[key]))


def _wrapped(draw: Any, part: Any, key: Any, others: Any) -> None:
    part[key] = draw(st.sampled_from([[part[key]], {"uid": part[key]}]))


def _of_another(draw: Any, part: Any, key: Any, others: Any) -> None:
    """What stands at a place of the same name, in this document or another of its kind."""
    found = [value for doc in others for path in places(doc) if path[-1] == key and (value := at(doc, path)) != part[key]]
    part[key] = copy.deepcopy(draw(st.sampled_from(found or [None])))


WAYS = [_odd, _odd, _left_out, _left_out, _doubled, _wrapped, _of_another, _of_another, _of_another]


@st.composite
def spoiled(draw: Any, items: list[Any], others: list[Any] | None = None) -> Any:
    """One of the items, spoiled in one or two places. `others`: what it may take values from; else the items."""
    original = draw(st.sampled_from(items))
    doc, same = copy.deepcopy(original), [one for one in others or items if one["kind"] == original["kind"]]
    for path in draw(
        st.lists(st.sampled_from([path for path in places(original) if path != ("kind",)]), min_size=1, max_size=2)
    ):
        with suppress(LookupError, TypeError, AttributeError):  # the first change took the place away, or it is of no list
            draw(st.sampled_from(WAYS))(draw, at(doc, path[:-1]), path[-1], same)
    return doc
