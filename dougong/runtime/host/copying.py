"""抄送: copies of a ticket: sent by somebody now, or, to whom its initiator has chosen, when it is filed or has ended."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from dougong.platform.engines import Driver
from dougong.platform.messages import t
from dougong.platform.store import new_id
from dougong.runtime.definition import Definition, Node
from dougong.runtime.interpreter import CANCELLED, COPIES
from dougong.runtime.reason import Reason
from dougong.runtime.step import Step
from dougong.runtime.texts import LANGUAGES
from dougong.runtime.world import World

from . import sql

MOST: Final = 20


def misfits(start: Node, members: Sequence[str], world: World) -> dict[str, Reason]:
    """What is wrong with the initiator's choice."""
    if not members:
        return {}
    if start.config.get("copies", "no") == "no":
        return {COPIES: Reason("copy.not_here")}
    if len(members) > MOST:
        return {COPIES: Reason("verb.how_many", {"most": MOST})}
    missing = any(world.ask("people", by="person", person=one)["nobody"] for one in members)
    return {COPIES: Reason("verb.no_such_person")} if missing else {}


def follow(
    connection: Driver, tenant: str, ticket_id: str, definition: Definition, step: Step, ticket: Mapping[str, Any], at: str
) -> None:
    """After a step: it was filed with it, or has ended, otherwise than by being cancelled. `ticket`: `number`,
    `initiator_name`."""
    members, wanted = step.case.memo.get(COPIES), definition.start.config.get("copies", "no")
    if not members or not step.case.initiator:
        return
    over = step.case.status == "done" and step.case.result != CANCELLED and not (step.was and "revoking" in step.was.memo)
    if (step.was is None and wanted in ("filed", "both")) or (over and wanted in ("ended", "both")):
        who = (step.case.initiator, str(ticket["initiator_name"]))
        send(connection, tenant, ticket_id, who, str(ticket["number"]), members, at)


def send(
    connection: Driver, tenant: str, ticket_id: str, who: tuple[str, str], number: str, members: Sequence[str], at: str
) -> None:
    """They may see it from now on, and are told. `who`: the principal who sends them, and his name."""
    principals = [f"person:{one}" for one in dict.fromkeys(members)]
    for principal in principals:
        sql.involve(connection, tenant, ticket_id, principal, "copy", at)
    text = {tag: t("copy.text", tag, who=who[1], number=number) for tag in LANGUAGES}
    sql.enqueue(connection, tenant, new_id(), ticket_id, "notify", {"principals": principals, "text": text}, at)
    line = sql.next_step(connection, tenant, ticket_id, at)
    sql.history(connection, tenant, ticket_id, line, at, who=who[0], who_name=who[1], verb="copied", said={"to": list(members)})
