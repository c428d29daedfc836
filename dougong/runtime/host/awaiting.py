"""What a ticket waits for besides people: an hour, a message, another step, branch or ticket; as its page tells it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import select

from dougong.platform.access import Who
from dougong.platform.store import db
from dougong.runtime.definition import Definition, Node
from dougong.runtime.machine import TURN
from dougong.runtime.nodes import call, first, http, join, receive, until, wait
from dougong.runtime.nodes._turns import turn_of
from dougong.runtime.reason import Reason
from dougong.runtime.rules import rules_of
from dougong.runtime.sentence import sentence

from .kinship import Child
from .mailbox import Awaiting
from .saving import NAMES
from .tables import EffectRow, Ticket, TokenRow


class Awaited(NamedTuple):
    """`until`: the moment, where it waits for one."""

    node: Node
    what: Reason
    until: str | None = None


def awaited(
    who: Who, definition: Definition, ticket: Ticket, tokens: Sequence[TokenRow], rights: Mapping[str, str]
) -> Iterator[Awaited]:
    """What each token waits for that has no task. `rights`: which fields this person may read."""
    for token in tokens:
        node = definition.node.get(token.node)
        if node is None or token.state != "waiting":
            continue
        match token.signal:
            case wait.DUE:
                yield Awaited(node, Reason("awaited.hour"), _hour(ticket, token))
            case receive.SIGNAL:
                yield Awaited(node, _message(who, ticket, token))
            case until.SIGNAL:
                yield Awaited(node, _condition(definition, node, rights))
            case join.SIGNAL:
                yield Awaited(node, _branches(definition, node, token))
            case call.SIGNAL:
                yield Awaited(node, _ticket(ticket, token))
            case call.BEGUN:
                yield Awaited(node, Reason("awaited.ticket_begins"))
            case first.RACE:
                yield Awaited(node, Reason("awaited.first"))
            case http.SIGNAL:
                yield Awaited(node, Reason("awaited.answer"))
            case signal if signal == TURN:
                yield Awaited(node, _turn(definition, node, tokens))


def _hour(ticket: Ticket, token: TokenRow) -> str | None:
    timer = (EffectRow.ticket_id == ticket.id, EffectRow.token == token.number, EffectRow.kind == "timer")
    args = db.session.scalar(select(EffectRow.args).where(*timer, EffectRow.state == "todo"))
    return str(args["due"]) if args else None


def _message(who: Who, ticket: Ticket, token: TokenRow) -> Reason:
    """Its name and key are for who looks after the workflow."""
    mine = (Awaiting.ticket_id == ticket.id, Awaiting.token == token.number)
    row = db.session.scalar(select(Awaiting).where(*mine)) if who.may("tickets.repair") else None
    if row is None:
        return Reason("awaited.message")
    return Reason("awaited.message_for" if row.key else "awaited.message_named", {"name": row.name, "key": row.key})


def _ticket(ticket: Ticket, token: TokenRow) -> Reason:
    begun = select(Child.ticket_id).where(Child.parent_id == ticket.id, Child.token == token.number, Child.awaited)
    return Reason("awaited.ticket" if db.session.scalar(begun.limit(1)) else "awaited.ticket_begins")


def _condition(definition: Definition, node: Node, rights: Mapping[str, str]) -> Reason:
    step, tree = definition.node.get(node.config.get("step", "")), node.config.get("when")
    if step is not None and not tree:
        return Reason("awaited.step", {"step": step.title})
    named = {
        name for rule in rules_of(tree) for name in (rule["field"], rule["value"] if rule.get("source") == "field" else "")
    }
    if step is not None or any(rights.get(name, rights.get("*")) == "hidden" for name in named - {""}):
        return Reason("awaited.condition")
    return Reason("awaited.until", {"condition": sentence(tree, definition.field, NAMES)})


def _branches(definition: Definition, node: Node, token: TokenRow) -> Reason:
    shape, ways = join.shape_of(definition, node), len(definition.into.get(node.uid, ()))
    come = int((token.memo or {}).get("arrived", "0"), 16).bit_count()
    if shape.join == "reaching":
        return Reason("awaited.branches_taken", {"come": come})
    return Reason("awaited.branches", {"come": come, "needs": shape.needs if shape.join == "count" else ways})


def _turn(definition: Definition, node: Node, tokens: Sequence[TokenRow]) -> Reason:
    """Whose turn it is: a step of the same group at which a token stands that does not wait for its own."""
    group = {one.uid for one in definition.nodes if turn_of(one) == turn_of(node)}
    its = next((one.node for one in tokens if one.node in group and one.signal != TURN), None)
    return Reason("awaited.turn", {"step": definition.node[its].title}) if its else Reason("awaited.turn_free")
