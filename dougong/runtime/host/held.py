"""A ticket that is held: nobody else steps on it until the transaction ends. And a signal to one of its tokens."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from dougong.platform import logs
from dougong.platform.channels import NotYet
from dougong.platform.engines import Driver
from dougong.platform.store import driver_transaction, moment
from dougong.runtime import interpreter
from dougong.runtime.case import Case
from dougong.runtime.definition import Definition
from dougong.runtime.reason import Refused
from dougong.runtime.step import Step
from dougong.runtime.world import World

from . import answers, definitions, saving, sql
from .verbs import Actor, NotFound

CLOCK: Final = "clock"  # who acts where nobody does


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
        return answers.world(self.connection, self.actor.tenant_id, self.actor.zone, who, workflow=self.definition.key)

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
