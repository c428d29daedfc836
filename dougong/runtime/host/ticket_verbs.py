"""The verbs of a ticket as a whole: for whoever filed it, for those who did a step, and for administrators. Each owns its
transaction and leaves its line in the history; what cannot be is refused with a reason.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Protocol

from dougong.platform import logs
from dougong.platform.channels import NotYet
from dougong.platform.engines import Driver
from dougong.platform.messages import t
from dougong.platform.store import driver_transaction, loads, moment, new_id
from dougong.runtime import interpreter
from dougong.runtime.case import Case
from dougong.runtime.definition import Definition
from dougong.runtime.nodes.revoke import REVOCABLE
from dougong.runtime.reason import Refused
from dougong.runtime.step import Step
from dougong.runtime.texts import LANGUAGES
from dougong.runtime.world import World

from . import answers, clocks, definitions, effects, holding, saving, sql
from .verbs import Actor, NotFound

CLOCK: Final = "clock"
QUIET: Final = ("claimed", "released", "commented", "urged", "copied")  # what keeps nobody from taking back a step
URGE_AGAIN: Final = timedelta(minutes=30)

_LAST = f"""
SELECT step, who, who_name, verb, node, undo FROM history
WHERE tenant_id = :tenant AND ticket_id = :ticket AND verb NOT IN {QUIET}
ORDER BY step DESC LIMIT 1
"""  # noqa: S608 (our own words)
_URGED = "SELECT max(at) FROM history WHERE tenant_id = :tenant AND ticket_id = :ticket AND verb = 'urged'"
_WAITING = """
SELECT DISTINCT candidate.principal FROM candidate
JOIN task ON task.tenant_id = candidate.tenant_id AND task.id = candidate.task_id
WHERE candidate.tenant_id = :tenant AND task.ticket_id = :ticket AND task.state = 'open'
"""
_SUSPEND = "UPDATE ticket SET suspended = :yes WHERE tenant_id = :tenant AND id = :ticket"


class Asking(Protocol):
    """A person of a page, or the actor of a verb."""

    @property
    def principal(self) -> str: ...

    @property
    def principals(self) -> frozenset[str]: ...


@dataclass(frozen=True)
class Held:
    """A ticket that nobody else can step on meanwhile."""

    connection: Driver
    actor: Actor
    row: Mapping[str, Any]
    definition: Definition
    case: Case

    @property
    def id(self) -> str:
        return str(self.row["id"])

    def world(self) -> World:
        who = None if self.actor.principal == CLOCK else self.actor.principal
        return answers.world(self.connection, self.actor.tenant_id, self.actor.zone, who)

    def keep(self, step: Step, verb: str, node: str | None = None, **said: Any) -> None:
        saving.keep(self.connection, self.actor, self.id, self.row, self.definition, step, verb, moment(), node=node, said=said)

    def note(self, verb: str, **said: Any) -> None:
        """A line of the history without a step."""
        at = moment()
        number = sql.next_step(self.connection, self.actor.tenant_id, self.id, at)
        who = {"who": self.actor.principal, "who_name": self.actor.name}
        sql.history(self.connection, self.actor.tenant_id, self.id, number, at, verb=verb, said=said, **who)


@contextmanager
def held(actor: Actor, ticket_id: str) -> Iterator[Held]:
    with driver_transaction(actor.tenant_id) as connection:
        yield taken(connection, actor, ticket_id)


def taken(connection: Driver, actor: Actor, ticket_id: str) -> Held:
    """The same within a transaction that is there already. Raises NotFound."""
    logs.about(ticket_id)
    sql.hold(connection, actor.tenant_id, ticket=ticket_id)
    row = sql.ticket(connection, actor.tenant_id, ticket_id)
    if row is None:
        raise NotFound
    definition = definitions.compiled(actor.tenant_id, row["workflow_id"], row["version"])
    return Held(connection, actor, row, definition, sql.case_of(connection, actor.tenant_id, row, definition.key))


# ---- for whoever filed it, and whoever did a step ----


def recall(actor: Actor, ticket_id: str, reason: str) -> None:
    """撤回 by whoever filed it: it comes back to him, with its number, to be mended and submitted again."""
    with held(actor, ticket_id) as ticket:
        _asked(ticket) if "revoking" in ticket.case.memo else _mine(ticket)
        rule = ticket.definition.doc.get("recall", "first")
        if rule == "never" or ticket.case.status == "done":
            raise Refused("verb.not_allowed")
        if rule == "first" and ticket.case.memo.get("acted"):
            raise Refused("verb.acted_already")
        if "revoking" in ticket.case.memo:  # what is taken back is the wish to revoke it: it stays as it was
            step = interpreter.cancel(ticket.definition, ticket.case, "cancelled", ticket.world())
        else:
            step = interpreter.recall(ticket.definition, ticket.case, ticket.world())
        ticket.keep(step, "recalled", opinion=reason)


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
    with held(actor, ticket_id) as ticket:
        _mine(ticket)
        if not any(token.node == ticket.definition.start.uid for token in ticket.case.everywhere()):
            raise Refused("verb.recall_first")
        ticket.keep(
            interpreter.cancel(ticket.definition, ticket.case, "cancelled", ticket.world()), "withdrawn", opinion=reason
        )


def take_back(actor: Actor, ticket_id: str) -> None:
    """撤回 by whoever did the last step, until somebody acts on it."""
    with held(actor, ticket_id) as ticket:
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
    """催办: those who have a task of it are told; at most once in half an hour."""
    with held(actor, ticket_id) as ticket:
        _mine(ticket)
        asked = {"tenant": actor.tenant_id, "ticket": ticket_id}
        last = ticket.connection.execute(_URGED, asked).fetchone()
        if last and last[0] and datetime.fromisoformat(last[0]) > datetime.now(UTC) - URGE_AGAIN:
            raise Refused("verb.urged_already")
        principals = [row[0] for row in ticket.connection.execute(_WAITING, asked)]
        if not principals:
            raise Refused("verb.nobody_to_urge")
        _tell(ticket, principals, "urge.text")
        ticket.note("urged")


def copy(actor: Actor, ticket_id: str, members: list[str]) -> None:
    """抄送: they may see it from now on, and are told. That the ticket may be seen has been checked by the caller."""
    with held(actor, ticket_id) as ticket:
        if not 0 < len(members) <= 20:
            raise Refused("verb.how_many", most=20)
        world = ticket.world()
        principals = [f"person:{one}" for one in dict.fromkeys(members)]
        if any(world.ask("people", by="person", person=one)["nobody"] for one in members):
            raise Refused("verb.no_such_person")
        for principal in principals:
            sql.involve(ticket.connection, actor.tenant_id, ticket_id, principal, "copy", moment())
        _tell(ticket, principals, "copy.text")
        ticket.note("copied", to=members)


def _tell(ticket: Held, principals: list[str], code: str) -> None:
    text = {tag: t(code, tag, who=ticket.actor.name, number=ticket.row["number"]) for tag in LANGUAGES}
    args = {"principals": principals, "text": text}
    sql.enqueue(ticket.connection, ticket.actor.tenant_id, new_id(), ticket.id, "notify", args, moment())


def _mine(ticket: Held) -> None:
    if ticket.case.initiator != ticket.actor.principal:
        raise NotFound


def _asked(ticket: Held) -> None:
    """It was he who asked that it be revoked."""
    if effects.revocation_asked_by(ticket.connection, ticket.actor.tenant_id, ticket.id) != ticket.actor.principal:
        raise NotFound


# ---- for administrators: each with a reason ----


def retry(actor: Actor, ticket_id: str, token_id: int) -> None:
    """Try a failed step once more. Raises NotFound where it has not failed (any more)."""
    _on_token(actor, ticket_id, token_id, "retried", "", interpreter.retry)


def skip(actor: Actor, ticket_id: str, token_id: int, reason: str) -> None:
    """Pass over a step that waits or has failed."""
    _on_token(actor, ticket_id, token_id, "skipped", reason, interpreter.skip)


def place(actor: Actor, ticket_id: str, token_id: int | None, node: str, reason: str) -> None:
    """Move a token to another step; without a token, reopen an ended ticket there."""
    with held(actor, ticket_id) as ticket:
        target = ticket.definition.node.get(node)
        if target is None:
            raise Refused("verb.no_such_step", "/node")
        if (token_id is None) is (ticket.case.status != "done"):
            raise Refused("verb.not_ended" if token_id is None else "verb.ended")
        try:
            step = interpreter.move(ticket.definition, ticket.case, token_id, node, ticket.world())
        except interpreter.Fault:
            raise NotFound from None
        ticket.keep(step, "moved" if token_id is not None else "reopened", node, opinion=reason)


def cancel(actor: Actor, ticket_id: str, reason: str) -> None:
    with held(actor, ticket_id) as ticket:
        end(ticket, reason)


def end(ticket: Held, reason: str) -> None:
    if ticket.case.status == "done":
        raise Refused("verb.ended")
    ticket.keep(interpreter.cancel(ticket.definition, ticket.case, "cancelled", ticket.world()), "cancelled", opinion=reason)


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


def retry_all(ticket: Held, reason: str) -> None:
    """Every step that has failed, one after the other."""
    failed = [token.id for token in ticket.case.everywhere() if token.state == "failed"]
    if not failed:
        raise Refused("verb.not_failed")
    for number in failed:
        now = taken(ticket.connection, ticket.actor, ticket.id)
        token = now.case.token(number)
        if token is not None and token.state == "failed":
            step = interpreter.retry(now.definition, now.case, number, now.world())
            now.keep(step, "retried", token.node, opinion=reason)


def _on_token(
    actor: Actor, ticket_id: str, token_id: int, verb: str, reason: str, do: Callable[[Definition, Case, int, World], Step]
) -> None:
    with held(actor, ticket_id) as ticket:
        token = ticket.case.token(token_id)
        try:
            step = do(ticket.definition, ticket.case, token_id, ticket.world())
        except interpreter.Fault:
            raise NotFound from None
        ticket.keep(step, verb, token.node if token else None, **({"opinion": reason} if reason else {}))


# ---- by name, as pages and the API ask ----


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


def repair(actor: Actor, ticket_id: str, verb: str, reason: str, token: int, node: str) -> None:
    do: dict[str, Callable[[], None]] = {
        "skip": lambda: skip(actor, ticket_id, token, reason),
        "move": lambda: place(actor, ticket_id, token, node, reason),
        "reopen": lambda: place(actor, ticket_id, None, node, reason),
        "cancel": lambda: cancel(actor, ticket_id, reason),
        "let_go": lambda: let_go(actor, ticket_id, reason),
        "suspend": lambda: suspend(actor, ticket_id, reason),
        "resume": lambda: suspend(actor, ticket_id, reason, yes=False),
    }
    do[verb]()


# ---- for the clock and the jobs: a signal to a token ----


def signal(
    connection: Driver, actor: Actor, ticket_id: str, token_id: int, name: str, values: Mapping[str, Any], **said: Any
) -> bool:
    """A signal that no person sends (a deadline, an answer from outside). False where nobody waits for it any more.
    `said`: what the history tells with it. Raises NotYet where the ticket is suspended."""
    ticket = taken(connection, actor, ticket_id)
    token = ticket.case.token(token_id)
    if token is None:
        return False
    if ticket.row["suspended"]:
        raise NotYet(60)
    try:
        step = interpreter.resume(ticket.definition, ticket.case, token_id, name, values, ticket.world())
    except (interpreter.Fault, Refused):
        return False
    ticket.keep(step, name, token.node, **said)
    return True
