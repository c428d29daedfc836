"""The verbs of a ticket as a whole, for whoever filed it and for those who did a step. Each owns its transaction and leaves
its line in the history; what cannot be is refused with a reason.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Final, Protocol

from dougong.platform.messages import t
from dougong.platform.store import driver_transaction, loads, moment, new_id
from dougong.runtime import interpreter
from dougong.runtime.definition import Definition
from dougong.runtime.nodes.revoke import REVOCABLE
from dougong.runtime.reason import Refused
from dougong.runtime.texts import LANGUAGES

from . import copying, effects, reading, references, sql
from .held import Held, held
from .verbs import Actor, NotFound

QUIET: Final = ("claimed", "released", "commented", "urged", "copied")  # what keeps nobody from taking back a step
URGE_AGAIN: Final = timedelta(minutes=30)

_LAST = f"""
SELECT step, who, who_name, verb, node, undo FROM history
WHERE tenant_id = :tenant AND ticket_id = :ticket AND verb NOT IN {QUIET}
ORDER BY step DESC LIMIT 1
"""  # noqa: S608 (our own words)
_URGED = "SELECT max(at), count(*) FROM history WHERE tenant_id = :tenant AND ticket_id = :ticket AND verb = 'urged'"
_WAITING = """
SELECT candidate.principal, max(task.opened_at) FROM candidate
JOIN task ON task.tenant_id = candidate.tenant_id AND task.id = candidate.task_id
WHERE candidate.tenant_id = :tenant AND task.ticket_id = :ticket AND task.state = 'open' GROUP BY candidate.principal
"""


class Asking(Protocol):
    """A person of a page, or the actor of a verb."""

    @property
    def principal(self) -> str: ...

    @property
    def principals(self) -> frozenset[str]: ...


def recall(actor: Actor, ticket_id: str, reason: str) -> None:
    """撤回 by whoever filed it: it comes back to him, with its number, to be mended and submitted again."""
    with _under_way(actor, ticket_id) as ticket:
        _asked(ticket) if "revoking" in ticket.case.memo else _mine(ticket)
        ticket.keep(interpreter.recall(ticket.definition, ticket.case, ticket.world()), "recalled", opinion=reason)


def revoke(actor: Actor, ticket_id: str, reason: str) -> None:
    """撤销已通过 after its end, by who may ask: it goes the way that is drawn for that; whoever has to decide is told."""
    with held(actor, ticket_id) as ticket:
        if not may_revoke(ticket.definition, ticket.case.initiator, actor):
            raise NotFound
        if not reason:
            raise Refused("repair.reason_missing", "/opinion")
        if not revocable(ticket.definition, ticket.row["result"], ticket.row["ended_at"]):
            raise Refused("verb.not_revocable")
        entry = ticket.definition.revocation
        step = interpreter.revoke(ticket.definition, ticket.case, ticket.world())
        ticket.keep(step, "revoke", entry.uid if entry else None, opinion=reason)
        asked = {"tenant": actor.tenant_id, "ticket": ticket_id}
        _tell(ticket, [row[0] for row in ticket.connection.execute(_WAITING, asked)], "revoke.text")


def may_revoke(definition: Definition, initiator: str | None, who: Asking) -> bool:
    """Whoever filed it, and the roles that the entry of the revocation names."""
    roles = definition.revocation.config.get("roles", ()) if definition.revocation else ()
    return initiator == who.principal or any(f"role:{role}" in who.principals for role in roles)


def revocable(definition: Definition, result: str | None, ended_at: str | None) -> bool:
    """It has ended well, a way to revoke it is drawn, and not too many days have passed."""
    if definition.revocation is None or ended_at is None or result not in REVOCABLE:
        return False
    days = definition.revocation.config.get("within_days")
    return days is None or datetime.now(UTC) <= datetime.fromisoformat(ended_at) + timedelta(days=days)


def withdraw(actor: Actor, ticket_id: str, reason: str) -> None:
    """作废 by whoever filed it, while it is his again: it ends."""
    with _under_way(actor, ticket_id) as ticket:
        _mine(ticket)
        ticket.keep(interpreter.withdraw(ticket.definition, ticket.case, ticket.world()), "withdrawn", opinion=reason)


def take_back(actor: Actor, ticket_id: str) -> None:
    """撤回 by whoever did the last step, until somebody acts on it."""
    with _under_way(actor, ticket_id) as ticket:
        if ticket.case.status == "done":
            raise Refused("verb.ended")
        last = ticket.connection.execute(_LAST, {"tenant": actor.tenant_id, "ticket": ticket_id}).fetchone()
        if last is None or last[1] != actor.principal:
            raise Refused("verb.acted_meanwhile_by", who=last[2] if last else "—")
        if last[5] is None:
            raise Refused("verb.cannot_be_undone")
        before = loads(last[5])
        ticket.keep(interpreter.undo(ticket.definition, ticket.case, before, ticket.world()), "taken_back", last[4])
        for token in before["tokens"]:
            sql.run_on(ticket.connection, actor.tenant_id, ticket_id, token["id"])


def urge(actor: Actor, ticket_id: str) -> None:
    """催办: others who have a task of it are told; whoever has been, not of the same task again within half an hour."""
    with _under_way(actor, ticket_id) as ticket:
        _mine(ticket)
        if not ticket.definition.doc.get("urge", True):
            raise Refused("verb.no_urging")
        asked = {"tenant": actor.tenant_id, "ticket": ticket_id}
        last = ticket.connection.execute(_URGED, asked).fetchone() or (None, 0)
        just = last[0] if last[0] and datetime.fromisoformat(last[0]) > datetime.now(UTC) - URGE_AGAIN else ""
        others = [row for row in ticket.connection.execute(_WAITING, asked).fetchall() if row[0] != actor.principal]
        principals = sorted(one for one, opened_at in others if opened_at > just)
        if not principals:
            raise Refused("verb.urged_already" if others else "verb.nobody_to_urge")
        _tell(ticket, principals, "urge.text")
        ticket.note("urged", times=last[1] + 1)


def copy(actor: Actor, ticket_id: str, members: list[str]) -> None:
    """抄送: they may see it from now on, and are told. That the ticket may be seen has been checked by the caller. Of one that
    has ended those who took part send copies."""
    part = reading.took_part(actor.principal, ticket_id)
    with held(actor, ticket_id) as ticket:
        if ticket.case.status == "done" and not part:
            raise Refused("verb.copy_ended")
        if not 0 < len(members) <= copying.MOST:
            raise Refused("verb.how_many", most=copying.MOST)
        world = ticket.world()
        if any(world.ask("people", by="person", person=one)["nobody"] for one in members):
            raise Refused("verb.no_such_person")
        who = (actor.principal, actor.name)
        copying.send(ticket.connection, actor.tenant_id, ticket_id, who, ticket.row["number"], members, moment())


def comment(actor: Actor, ticket_id: str, text: str, uploads: Sequence[str]) -> None:
    """Say something in the timeline, with one's own uploads. That the ticket may be seen has been checked by the caller."""
    with driver_transaction(actor.tenant_id) as connection:
        files = references.hand_over(connection, actor.tenant_id, uploads, actor.uploads, f"ticket:{ticket_id}")
        if not text and not files:
            return
        at = moment()
        step = sql.next_step(connection, actor.tenant_id, ticket_id, at)
        who = {"who": actor.principal, "who_name": actor.name}
        changes = {"text": text, "files": files}
        sql.history(connection, actor.tenant_id, ticket_id, step, at, verb="commented", changes=changes, **who)


def _tell(ticket: Held, principals: list[str], code: str) -> None:
    text = {tag: t(code, tag, who=ticket.actor.name, number=ticket.row["number"]) for tag in LANGUAGES}
    args = {"principals": principals, "text": text}
    sql.enqueue(ticket.connection, ticket.actor.tenant_id, new_id(), ticket.id, "notify", args, moment())


@contextmanager
def _under_way(actor: Actor, ticket_id: str) -> Iterator[Held]:
    """Nobody acts on what is suspended, whoever filed it neither."""
    with held(actor, ticket_id) as ticket:
        if ticket.row["suspended"]:
            raise Refused("ticket.suspended")
        yield ticket


def _mine(ticket: Held) -> None:
    if ticket.case.initiator != ticket.actor.principal:
        raise NotFound


def _asked(ticket: Held) -> None:
    """It was he who asked that it be revoked."""
    if effects.revocation_asked_by(ticket.connection, ticket.actor.tenant_id, ticket.id) != ticket.actor.principal:
        raise NotFound


def act(actor: Actor, ticket_id: str, verb: str, opinion: str, persons: list[str]) -> None:
    do: dict[str, Callable[[], None]] = {
        "recall": lambda: recall(actor, ticket_id, opinion),
        "revoke": lambda: revoke(actor, ticket_id, opinion),
        "withdraw": lambda: withdraw(actor, ticket_id, opinion),
        "take_back": lambda: take_back(actor, ticket_id),
        "urge": lambda: urge(actor, ticket_id),
        "copy": lambda: copy(actor, ticket_id, persons),
    }
    do[verb]()
