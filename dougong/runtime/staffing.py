"""Who is missing is told before a ticket is filed: approvals that want an approver (审批人为空: 不允许发起)."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from .case import Case, Token
from .definition import Definition, Node
from .nodes import NODE_TYPES
from .nodes._seats import is_vacant, seats_of, without_initiator
from .nodes._type import At
from .reason import Reason
from .regions import upstream
from .route import foretell
from .table import TableFault
from .values import missing
from .world import World

PREFIX: Final = "step."  # what a refusal calls the step that has nobody: this and its uid
LATER: Final = ("handler", "approvers")  # who that is shows when the steps before have been done


def unmanned(definition: Definition, case: Case, world: World) -> dict[str, Reason]:
    """Why it cannot be filed with what is in the case: the steps that will be come to, and will have nobody. Those of which
    that is not known yet stop when they are come to."""
    wanted = [node for node in definition.nodes if node.type == "approval" and node.config.get("nobody") == "forbid"]
    if not wanted:
        return {}
    known = {key: value for key, value in case.data.items() if not missing(value)}
    sure = {uid for uid, certain in foretell(definition, known).ahead if certain}
    found = [node for node in wanted if node.uid in sure and _is_known(definition, node)]
    asked = replace(world, answers=[])  # it is no step of the ticket yet, whose history keeps what that has asked
    empty = [node for node in found if _is_empty(At(definition, node, case, Token(0, node.uid), asked))]
    return {PREFIX + node.uid: Reason("approval.not_without_approver", {"step": node.title}) for node in empty}


def of_a_step(errors: Mapping[str, Reason]) -> Reason | None:
    """Of what is wrong with what was filed, that which is no field's."""
    return next((reason for key, reason in errors.items() if key.startswith(PREFIX)), None)


def _is_empty(at: At) -> bool:
    try:
        seats = seats_of(at)
        return not without_initiator(at, seats) and is_vacant(at, seats)
    except TableFault:  # an incident, when it is come to
        return False


def _is_known(definition: Definition, node: Node) -> bool:
    asked = list(_asked(node))
    if any(who["by"] in LATER for who in asked):
        return False
    before = [definition.node[uid] for uid in upstream(definition, node.uid) if uid != definition.start.uid]
    written = {key for one in before if one.type in NODE_TYPES for key in NODE_TYPES[one.type].writes(definition, one)}
    return not written & {key for who in asked for key in _fields(who)}


def _asked(node: Node) -> Iterator[Mapping[str, Any]]:
    if node.config.get("mode") == "weight":
        yield from (one["who"] for one in node.config.get("weights", ()))
    elif "who" in node.config:
        yield node.config["who"]


def _fields(who: Mapping[str, Any]) -> Iterator[str]:
    yield from (who["field"],) if "field" in who else ()
    yield from (who["unit"]["field"],) if "field" in who.get("unit", {}) else ()
    yield from (one for one in who.get("inputs", {}).values() if isinstance(one, str))
