"""自选审批人: whom the initiator chooses for a step when he files the ticket, out of whom, and how many.

The case remembers them by the step; they are chosen anew when the ticket comes back to him.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from ..case import Case, Token
from ..definition import Definition, Node
from ..reason import Reason
from ..world import World
from ._people import persons
from ._type import At

MOST: Final = 20
PREFIX: Final = "who."  # what the page calls the choice for a step: this and its uid
Chosen = Mapping[str, Sequence[str]]  # the ids of members, by the uid of the step


def choosing(definition: Definition) -> tuple[Node, ...]:
    """The steps whose people are chosen."""
    asked = ((node, node.config.get("who")) for node in definition.nodes)
    return tuple(node for node, who in asked if isinstance(who, Mapping) and who.get("by") == "chosen")


def bounds(who: Mapping[str, Any]) -> tuple[int, int]:
    return who.get("least", 1), who.get("most", MOST)


def pool(at: At) -> list[str] | None:
    """Out of whom. None: of all members."""
    who = at.config["who"]
    by = {(True, True): "role_in_unit", (True, False): "role", (False, True): "unit"}.get(("role" in who, "unit" in who))
    asked = {name: who[name] for name in ("role", "unit") if name in who}
    return None if by is None else persons(at, {"by": by, **asked})


def misfits(definition: Definition, case: Case, chosen: Chosen, world: World) -> dict[str, Reason]:
    """What is wrong with a choice, by the name that it has on the page."""
    return {f"{PREFIX}{uid}": reason for uid, reason in _misfits(definition, case, chosen, world)}


def _misfits(definition: Definition, case: Case, chosen: Chosen, world: World) -> Iterator[tuple[str, Reason]]:
    for node in choosing(definition):
        found, (least, most) = list(chosen.get(node.uid, ())), bounds(node.config["who"])
        if not least <= len(found) <= most:
            yield node.uid, Reason("chosen.how_many", {"least": least, "most": most})
            continue
        among = pool(At(definition, node, case, Token(0, node.uid), world))
        known = among if among is not None else [one for one in found if _is_member(world, one)]
        if not set(found) <= set(known):
            yield node.uid, Reason("chosen.not_among")


def remembered(definition: Definition, chosen: Chosen) -> dict[str, list[str]]:
    """As the case remembers it."""
    return {f"chosen:{node.uid}": list(dict.fromkeys(chosen.get(node.uid, ()))) for node in choosing(definition)}


def _is_member(world: World, person: str) -> bool:
    return not world.ask("people", by="person", person=person)["nobody"]
