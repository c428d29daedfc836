"""The route of a ticket as pages and the API show it."""

from collections.abc import Iterable, Mapping
from typing import Any

from dougong.runtime import picture, route
from dougong.runtime.definition import Definition
from dougong.runtime.nodes import NODE_TYPES

from . import reading
from .tables import History, Ticket


def route_of(definition: Definition, ticket: Ticket, steps: list[History]) -> dict[str, Any]:
    standing = [(token.node, token.state) for token in reading.tokens(ticket.id)]
    moves = [move for step in steps for move in step.trail]
    taken = [edge for move in moves for edge in move[3]]
    visited = [move[1] for move in moves]
    return _drawn(definition, route.route(definition, ticket.data, standing, visited, taken), visited)


def foretold(definition: Definition, data: Mapping[str, Any]) -> dict[str, Any]:
    """The route of a ticket that has not been filed yet."""
    return _drawn(definition, route.foretell(definition, data))


def _drawn(definition: Definition, found: route.Route, visited: Iterable[str] = ()) -> dict[str, Any]:
    """The drawing, and `trail`: what people do in order, each with its state; and whatever is stopped."""
    past = [(uid, "done") for uid in dict.fromkeys(visited) if found.nodes.get(uid) == "done"]
    here = [(uid, state) for uid, state in found.nodes.items() if state in ("current", "failed")]
    ahead = [(uid, "ahead" if sure else "possible") for uid, sure in found.ahead]
    people = ("start", "user_task", "approval")
    steps = [(definition.node[uid], state) for uid, state in (*past, *here, *ahead)]
    trail = [(node, state) for node, state in steps if node.type in people or state == "failed"]
    families = {node.uid: NODE_TYPES[node.type].family for node in definition.nodes if node.type in NODE_TYPES}
    drawing = picture.picture(definition)
    return {"picture": drawing, "route": found, "definition": definition, "trail": trail, "families": families}
