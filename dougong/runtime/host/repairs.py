"""What administrators do to a ticket, each with a reason: retry, skip, move, reopen, cancel, suspend, let go. Each owns its
transaction and leaves its line in the history; what cannot be is refused with a reason.
"""

from collections.abc import Callable, Mapping
from typing import Any

from dougong.platform.store import moment
from dougong.runtime import interpreter
from dougong.runtime.case import Case, Token
from dougong.runtime.definition import Definition, Node
from dougong.runtime.reason import Refused
from dougong.runtime.regions import only_from
from dougong.runtime.step import Step
from dougong.runtime.world import World

from . import clocks, holding
from .held import Held, held, taken
from .incidents import Incident
from .verbs import Actor, NotFound

Do = Callable[[Definition, Case, int, World], Step]

_SUSPEND = "UPDATE ticket SET suspended = :yes WHERE tenant_id = :tenant AND id = :ticket"


def retry(actor: Actor, ticket_id: str, token_id: int) -> None:
    """Try a failed step once more. Raises NotFound where it has not failed (any more)."""
    _on_token(actor, ticket_id, token_id, "retried", "", interpreter.retry)


def skip(actor: Actor, ticket_id: str, token_id: int, reason: str) -> None:
    """Pass over a step that waits or has failed."""
    _on_token(actor, ticket_id, token_id, "skipped", reason, interpreter.skip)


def place(actor: Actor, ticket_id: str, token_id: int | None, node: str, reason: str, *, keep: bool = False) -> None:
    """Move a token to another step; without a token, reopen an ended ticket there. What the steps from there on have taken is
    given back first, as they will be passed again, unless it is to `keep` it."""
    with held(actor, ticket_id) as ticket:
        _place(ticket, token_id, node, reason, keep=keep)


def _place(ticket: Held, token_id: int | None, node: str, reason: str, *, keep: bool) -> None:
    target = ticket.definition.node.get(node)
    if target is None:
        raise Refused("verb.no_such_step", "/node")
    if target not in places(ticket.definition, ticket.case.memo):
        raise Refused("verb.only_revoked", "/node")
    if (token_id is None) is (ticket.case.status != "done"):
        raise Refused("verb.not_ended" if token_id is None else "verb.ended")
    try:
        step = interpreter.move(ticket.definition, ticket.case, token_id, node, ticket.world(), giving_back=not keep)
    except interpreter.Fault:
        raise NotFound from None
    ticket.keep(step, "moved" if token_id is not None else "reopened", node, opinion=reason, **_kept(keep))


def places(definition: Definition, memo: Mapping[str, Any]) -> list[Node]:
    """The steps to which it may be moved, the ends last. Where it is not being revoked, none to which only that leads: it
    would end as revoked, and nothing would have been reversed."""
    entry = definition.revocation
    apart = only_from(definition, entry.uid) if entry and "revoking" not in memo else ()
    found = [node for node in definition.nodes if node.uid not in apart]
    return sorted(found, key=lambda node: not definition.out[node.uid])


def cancel(actor: Actor, ticket_id: str, reason: str, *, keep: bool = False) -> None:
    with held(actor, ticket_id) as ticket:
        end(ticket, reason, keep=keep)


def end(ticket: Held, reason: str, *, keep: bool = False) -> None:
    """What it has taken is given back, unless it is to `keep` it: also while it was suspended."""
    if ticket.case.status == "done":
        raise Refused("verb.ended")
    step = interpreter.cancel(ticket.definition, ticket.case, interpreter.CANCELLED, ticket.world(), keep=keep)
    ticket.connection.execute(_SUSPEND, {"tenant": ticket.actor.tenant_id, "ticket": ticket.id, "yes": False})
    ticket.keep(step, "cancelled", None, opinion=reason, **_kept(keep))


def _kept(keep: bool) -> dict[str, bool]:
    return {"kept": True} if keep else {}


def let_go(actor: Actor, ticket_id: str, reason: str) -> None:
    """Give up what it has to itself (独占) where it is stuck: another ticket needs the device."""
    with held(actor, ticket_id) as ticket:
        given = holding.let_go(ticket.connection, actor.tenant_id, ticket_id)
        if not given:
            raise Refused("repair.holds_nothing")
        ticket.note("let_go", opinion=reason, what=given)


def suspend(actor: Actor, ticket_id: str, reason: str, *, yes: bool = True) -> None:
    """Nobody acts on it, and no clock, until it is resumed."""
    with held(actor, ticket_id) as ticket:
        put_by(ticket, reason, yes=yes)


def put_by(ticket: Held, reason: str, *, yes: bool) -> None:
    if bool(ticket.row["suspended"]) is yes or ticket.case.status == "done":
        raise Refused("verb.ended" if ticket.case.status == "done" else "verb.so_already")
    ticket.connection.execute(_SUSPEND, {"tenant": ticket.actor.tenant_id, "ticket": ticket.id, "yes": yes})
    clocks.follow(ticket.connection, ticket.actor, ticket.id, ticket.definition, ticket.case, moment())
    ticket.note("suspended" if yes else "resumed", opinion=reason)


def retry_all(ticket: Held, reason: str, incident: Incident | None = None) -> None:
    _on_failed(ticket, incident, "retried", reason, interpreter.retry)


def skip_all(ticket: Held, reason: str, incident: Incident | None = None) -> None:
    _on_failed(ticket, incident, "skipped", reason, interpreter.skip)


def _on_failed(ticket: Held, incident: Incident | None, verb: str, reason: str, do: Do) -> None:
    """Every step that has failed (so), one after the other: one that cannot be keeps none of the others back."""
    refused = None
    for number in [token.id for token in _failed(ticket, incident)]:
        now = taken(ticket.connection, ticket.actor, ticket.id)
        token = now.case.token(number)
        if token is None or token.state != "failed":
            continue
        try:
            now.keep(do(now.definition, now.case, number, now.world()), verb, token.node, opinion=reason)
        except Refused as why:
            refused = why
    if refused:
        raise refused


def move_one(ticket: Held, reason: str, node: str, at: str, incident: Incident | None, *, keep: bool) -> None:
    """The one place at which it stands, `at` a step or where it has failed, with all that is under way within it."""
    if at:
        found = {token.id for token in ticket.case.on(at) if token.parent is None}
    else:
        found = {[token.id, *ticket.case.ancestors(token)][-1] for token in _failed(ticket, incident)}
    if len(found) != 1:
        raise Refused("repair.several_there" if found else "repair.not_there", "/at", found=len(found))
    _place(ticket, found.pop(), node, reason, keep=keep)


def _failed(ticket: Held, incident: Incident | None) -> list[Token]:
    """Raises Refused where there is none."""
    found = [token for token in ticket.case.everywhere() if token.state == "failed"]
    if incident:
        found = [token for token in found if incident.concerns(token)]
    if not found:
        raise Refused("verb.ended" if ticket.case.status == "done" else "verb.not_failed")
    return found


def _on_token(actor: Actor, ticket_id: str, token_id: int, verb: str, reason: str, do: Do) -> None:
    with held(actor, ticket_id) as ticket:
        token = ticket.case.token(token_id)
        try:
            step = do(ticket.definition, ticket.case, token_id, ticket.world())
        except interpreter.Fault:
            raise NotFound from None
        ticket.keep(step, verb, token.node if token else None, **({"opinion": reason} if reason else {}))


def act(actor: Actor, ticket_id: str, verb: str, reason: str, token: int, node: str, *, keep: bool) -> None:
    do: dict[str, Callable[[], None]] = {
        "skip": lambda: skip(actor, ticket_id, token, reason),
        "move": lambda: place(actor, ticket_id, token, node, reason, keep=keep),
        "reopen": lambda: place(actor, ticket_id, None, node, reason, keep=keep),
        "cancel": lambda: cancel(actor, ticket_id, reason, keep=keep),
        "let_go": lambda: let_go(actor, ticket_id, reason),
        "suspend": lambda: suspend(actor, ticket_id, reason),
        "resume": lambda: suspend(actor, ticket_id, reason, yes=False),
    }
    do[verb]()
