"""To which earlier steps a ticket may be sent back (退回)."""

from collections import Counter
from collections.abc import Mapping
from typing import Final
from weakref import WeakKeyDictionary

from ..definition import Definition, Node
from ..regions import upstream
from .join import shape_of

DONE_AGAIN: Final = ("user_task", "approval", "for_each")  # types of steps to which it may be sent back
_parts: WeakKeyDictionary[Definition, dict[str, frozenset[str]]] = WeakKeyDictionary()


def back_to(definition: Definition, node: Node, handlers: Mapping[str, str]) -> list[str]:
    """The steps to which it may be sent back, the nearest last: the initiator's, and those that people have done."""
    scope = node.config.get("send_back", "none")
    if scope == "none":
        return []
    before = upstream(definition, node.uid)
    start = [uid for uid in (definition.start.uid,) if uid in before]  # not of who decides on a revocation
    whole = _whole(definition, before)
    passed = [uid for uid in handlers if uid in whole and uid not in start]
    return {"initiator": start, "previous": (passed or start)[-1:]}.get(scope, [*start, *passed])


def places_back(definition: Definition, node: Node) -> frozenset[str]:
    """All to which it may be sent back ever: what the checks reckon with."""
    scope = node.config.get("send_back", "none")
    if scope == "none":
        return frozenset()
    before = upstream(definition, node.uid)
    start = before & {definition.start.uid}
    if scope == "initiator":
        return start
    return start | {uid for uid in _whole(definition, before) if definition.node[uid].type in DONE_AGAIN}


def _whole(definition: Definition, before: frozenset[str]) -> frozenset[str]:
    """Of these steps those from which all comes anew that comes together at a join among them. Sent back into one of several
    branches, a ticket would wait at the join for the others for ever, or go on as soon as one of those comes that are late."""
    return before.difference(*(_parts_of(definition, uid) for uid in before if definition.node[uid].type == "join"))


def _parts_of(definition: Definition, join: str) -> frozenset[str]:
    """The steps before a join from which it is come to by fewer ways than have to come."""
    kept = _parts.setdefault(definition, {})
    if join not in kept:
        shape, ways = shape_of(definition, definition.node[join]), definition.into[join]
        needed = 1 if shape.join == "reaching" else shape.needs if shape.rest == "cancelled" else len(ways)
        by = Counter(uid for way in ways for uid in {way.source, *upstream(definition, way.source)})
        kept[join] = frozenset(uid for uid, count in by.items() if count < needed)
    return kept[join]
