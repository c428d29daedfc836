"""Where the cards of steps stand on the canvas that nobody has placed there: written by hand, by a program, by another tool."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

CARD: Final = (208, 64)  # a step on the canvas
COLUMN: Final = CARD[0] + 72
ROW: Final = CARD[1] + 48

Place = tuple[int, int]


def placed(doc: Mapping[str, Any]) -> dict[str, Any]:
    """A document in which every step of a workflow has a place; others are as they are."""
    layout = doc.get("layout", {})
    if all(node["uid"] in layout.get("nodes", {}) for node in doc.get("nodes", ())):
        return dict(doc)
    found = {uid: {"x": x, "y": y} for uid, (x, y) in places_of(doc).items()}
    return {**doc, "layout": {**layout, "nodes": {**layout.get("nodes", {}), **found}}}


def places_of(doc: Mapping[str, Any]) -> dict[str, Place]:
    """Of every step; those without a place stand below the others, in layers."""
    given = doc.get("layout", {}).get("nodes", {})
    found = {node["uid"]: (given[node["uid"]]["x"], given[node["uid"]]["y"]) for node in doc["nodes"] if node["uid"] in given}
    rest = [node["uid"] for node in doc["nodes"] if node["uid"] not in given]
    below = max((y for _, y in found.values()), default=-ROW) + ROW
    ways = [(edge["source"], edge["target"]) for edge in doc["edges"]]
    return {**found, **{uid: (x, y + below) for uid, (x, y) in layered(rest, ways).items()}}


def layered(uids: Iterable[str], ways: Iterable[tuple[str, str]]) -> dict[str, Place]:
    """By the shortest way from where nothing leads in, column by column; what is only in circles begins anew."""
    uids = list(uids)
    onward: dict[str, list[str]] = {uid: [] for uid in uids}
    led: set[str] = set()
    for source, target in ways:
        if source in onward and target in onward and source != target:
            onward[source].append(target)
            led.add(target)
    column: dict[str, int] = {}
    for root in [*(uid for uid in uids if uid not in led), *uids]:
        todo = [] if root in column else [(root, 0)]
        for uid, at in todo:  # grows as it goes
            if uid not in column:
                column[uid] = at
                todo.extend((target, at + 1) for target in onward[uid])
    rows: dict[int, int] = {}
    found = {}
    for uid in sorted(uids, key=lambda uid: column[uid]):
        row = rows[column[uid]] = rows.get(column[uid], -1) + 1
        found[uid] = (column[uid] * COLUMN, row * ROW)
    return found
