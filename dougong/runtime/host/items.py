"""Lists that are worked through item by item: how far they are, and one more while they are under way."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from dougong.platform.access import Who
from dougong.platform.engines import Driver
from dougong.runtime import interpreter
from dougong.runtime.definition import Definition, Node
from dougong.runtime.interpreter import Fault
from dougong.runtime.reason import Refused

from .held import held
from .tables import Task, Ticket, TokenRow
from .verbs import Actor, NotFound

ADD: Final = "add_item"
_AT_IT = """
SELECT DISTINCT candidate.principal FROM candidate
JOIN task ON task.tenant_id = candidate.tenant_id AND task.id = candidate.task_id
WHERE candidate.tenant_id = :tenant AND task.ticket_id = :ticket AND task.node = :node AND task.state = 'open'
"""


@dataclass(frozen=True)
class Progress:
    node: Node
    token: int
    done: int
    total: int
    may_add: bool


def progress(
    who: Who, definition: Definition, ticket: Ticket, tokens: Iterable[TokenRow], mine: Iterable[Task]
) -> list[Progress]:
    """The lists that are under way. `mine`: the open tasks of the ticket that are addressed to him."""
    may = ticket.initiator == who.principal or who.may("tickets.repair")
    at_it = {task.node for task in mine}
    at_lists = ((one, definition.node.get(one.node)) for one in tokens if one.signal == "children" and "total" in one.memo)
    return [
        Progress(
            node,
            one.number,
            one.memo["done"],
            one.memo["total"],
            _adds(node) and (may or node.uid in at_it) and not ticket.suspended,
        )
        for one, node in at_lists
        if node and node.type == "for_each"
    ]


def _adds(node: Node) -> bool:
    return bool(node.config.get("add_item"))


def add(actor: Actor, ticket_id: str, token_id: int, item: str, *, repairs: bool = False) -> None:
    """Whoever filed the ticket may, whoever has an item of the list, and who repairs tickets. Raises NotFound, Refused."""
    with held(actor, ticket_id) as ticket:
        token = ticket.case.token(token_id)
        if token is None:
            raise NotFound
        his = repairs or ticket.case.initiator == actor.principal
        if not his and not _at_it(ticket.connection, actor, ticket_id, token.node):
            raise NotFound
        if ticket.row["suspended"]:
            raise Refused("ticket.suspended")
        try:
            step = interpreter.resume(ticket.definition, ticket.case, token_id, ADD, {"item": item}, ticket.world())
        except Fault:
            raise NotFound from None
        ticket.keep(step, ADD, token.node, opinion=item)


def _at_it(connection: Driver, actor: Actor, ticket_id: str, node: str) -> bool:
    asked: dict[str, Any] = {"tenant": actor.tenant_id, "ticket": ticket_id, "node": node}
    return any(principal in actor.principals for (principal,) in connection.execute(_AT_IT, asked))
