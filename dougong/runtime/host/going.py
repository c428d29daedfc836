"""The route of a ticket as pages and the API show it: the way it has gone and will go, and what is still to come."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final, NamedTuple

from sqlalchemy import select

from dougong.platform.store import db, moment
from dougong.runtime import picture, regions, route
from dougong.runtime.definition import Definition, Node
from dougong.runtime.nodes._giving import ENDS
from dougong.runtime.outlook import outlook
from dougong.runtime.past import Past, past, standing_since

from . import reading
from .tables import History, Ticket, TokenRow

PAST_TICKETS: Final = 50  # what is usual is told by the last that were done
PAST_LINES: Final = 2000  # of history, at most

Steps = Sequence[History]


class Prospect(NamedTuple):
    """Steps for people that are still to come, one after another: at least, at most, on average; and when it will be done.

    None: not known yet. `tickets`: of how many that were done it is told.
    """

    fewest: int
    most: int
    likely: float | None
    finish: str | None
    tickets: int


def followed(definition: Definition, ticket: Ticket, steps: Steps) -> route.Route:
    tokens = [token for token in reading.tokens(ticket.id) if not _ends(token)]
    standing = [(token.node, token.state) for token in tokens]
    taken = [edge for step in steps for move in step.trail for edge in move[3]]
    visited = _visited(steps)
    ended = [uid for uid, passed in visited.items() if not passed]
    return route.route(definition, ticket.data, standing, visited, taken, ended, _straight(definition, tokens))


def _straight(definition: Definition, tokens: Iterable[TokenRow]) -> dict[str, str]:
    """Where those go on that were sent back, and go straight back from there."""
    return {one.node: one.memo["back_to"] for one in tokens if (one.memo or {}).get("back_to") in definition.node}


def _ends(token: TokenRow) -> bool:
    """It is cancelled: it goes nowhere any more."""
    return ENDS in (token.memo or {})


def route_of(definition: Definition, ticket: Ticket, steps: Steps) -> dict[str, Any]:
    found = followed(definition, ticket, steps)
    return _drawn(definition, found, _passed(definition, steps), prospect(definition, ticket, steps, found))


def foretold(definition: Definition, workflow_id: str, data: Mapping[str, Any]) -> dict[str, Any]:
    """The route of a ticket that has not been filed yet."""
    found = route.foretell(definition, data)
    return _drawn(definition, found, (), _prospect(definition, workflow_id, found, [(definition.start.uid, timedelta())]))


def prospect(definition: Definition, ticket: Ticket, steps: Steps, found: route.Route) -> Prospect | None:
    """Of a ticket that is under way. While it is stopped nobody knows when it will be done."""
    tokens = reading.tokens(ticket.id)
    if ticket.state == "done" or any(_ends(token) for token in tokens):
        return None
    now = datetime.now(UTC)
    since = standing_since((ticket.id, step.at, step.trail) for step in steps)
    past = _straight(definition, tokens)
    standing = [(past.get(one.node, one.node), now - since.get((ticket.id, one.number), now)) for one in tokens]
    told = _prospect(definition, ticket.workflow_id, found, standing)
    if told and past:  # the step where it is comes before those
        more = None if told.likely is None else told.likely + 1
        told = told._replace(fewest=told.fewest + 1, most=told.most + 1, likely=more, finish=None)
    return told._replace(finish=None) if told and (ticket.failed or ticket.suspended) else told


def _prospect(
    definition: Definition, workflow_id: str, found: route.Route, standing: Iterable[tuple[str, timedelta]]
) -> Prospect | None:
    before = past_of(workflow_id)
    told = outlook(definition, found, standing, before)
    if told is None:
        return None
    finish = None if told.left is None else moment(datetime.now(UTC) + told.left)
    return Prospect(told.fewest, told.most, told.likely, finish, before.tickets)


def past_of(workflow_id: str) -> Past:
    """Of the last tickets that were done, by whichever version: a step keeps its uid."""
    done = select(Ticket.id).where(Ticket.workflow_id == workflow_id, Ticket.state == "done")
    wanted = History.ticket_id.in_(done.order_by(Ticket.id.desc()).limit(PAST_TICKETS))
    lines = select(History.ticket_id, History.at, History.trail).where(wanted)
    found = db.session.execute(lines.order_by(History.ticket_id, History.step).limit(PAST_LINES))
    return past((ticket, at, trail) for ticket, at, trail in found)


def _passed(definition: Definition, steps: Steps) -> list[str]:
    """What has been passed and is not to be done again: neither what was sent back since, nor anything that was recalled."""
    found, before = dict[str, None](), dict[str, None]()
    for step in steps:
        if step.verb == "taken_back":
            found = before
        before = dict(found) if step.trail else before
        found |= dict.fromkeys(move[1] for move in step.trail)
        here, to = definition.node.get(step.node or ""), (step.said or {}).get("to")
        if step.verb == "recalled":
            found.clear()
        elif step.verb == "send_back" and here and to in definition.node:
            for uid in {to, here.uid} if _comes_straight(here, step) else regions.since(definition, to, here.uid):
                found.pop(uid, None)
    return list(found)


def _comes_straight(node: Node, step: History) -> bool:
    how = node.config.get("after_return")
    return how == "straight" or (how == "ask" and bool((step.said or {}).get("straight")))


def _visited(steps: Steps) -> dict[str, bool]:
    """Where it has been; False where that was cut short, the last time."""
    found = dict[str, bool]()
    for step in steps:
        found |= dict.fromkeys((move[1] for move in step.trail), True)
        found |= dict.fromkeys((step.said or {}).get("ended", ()), False)
    return found


def _drawn(definition: Definition, found: route.Route, visited: Iterable[str], ahead: Prospect | None) -> dict[str, Any]:
    """The drawing, `trail`: what people do in order, each with its state, and where it stands; and the prospect."""
    gone = [(uid, found.nodes[uid]) for uid in dict.fromkeys(visited) if found.nodes.get(uid) in ("done", "ended")]
    here = [(uid, state) for uid, state in found.nodes.items() if state in ("current", "failed")]
    coming = [(uid, "ahead" if sure else "possible") for uid, sure in found.ahead]
    people = ("start", "revoke", "user_task", "approval", "for_each")
    steps = [(definition.node[uid], state) for uid, state in (*gone, *here, *coming)]
    trail = [
        (node, state)
        for node, state in steps
        if node.type in people or (state in ("failed", "current") and node.type != "join")
    ]
    return {**picture.drawing(definition), "route": found, "trail": trail, "prospect": ahead}
