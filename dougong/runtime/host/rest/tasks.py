"""Tasks over the API: one's own, the queue, claim, release, submit."""

from typing import Any

from flask import abort, g
from marshmallow import fields
from sqlalchemy import select

from dougong.platform.rest.cursors import page
from dougong.platform.rest.errors import ApiError, answer, missing
from dougong.platform.rest.shapes import Input, ListQuery, choice, free, ident, page_of, several, text, whole
from dougong.platform.rest.shell import Room
from dougong.platform.store import db
from dougong.runtime.nodes._verbs import ACTED

from .. import definitions, reading, tasks
from ..acting import actor
from ..tables import Task, Ticket
from ..verbs import NotFound, Refused, StaleTask
from ._common import chosen_of, refused, strictly
from ._told import TASK, task_told
from .shapes import Filed, TaskInList, TaskOut

room = Room("tasks", __name__, "Tasks: what is to be done, by whom, and doing it.")


class TaskQuery(ListQuery):
    part = choice("todo", "queue", "done", load_default="todo", says="One's own, to be claimed, or done by oneself.")
    q = text(100, load_default="")
    workflow = text(40, load_default="")


class AtRevision(Input):
    revision = whole(1, 10**8, 1, required=True, says="Of the task, as it was read.")


class Submission(AtRevision):
    values = free({"diagnosis": "压缩机坏了", "quote": "300.00"}, load_default=dict, says="By key, as the task's form asks.")
    chosen = free({}, load_default=dict, says="As when it was filed, where it is the initiator's again.")


class Act(AtRevision):
    """`values` come with approve; `to`: a person, or the step that it is sent back to."""

    verb = choice(*ACTED, required=True)
    values = free({}, load_default=dict, says="With approve: by key, as the task's form asks.")
    opinion = text(2000, load_default="", example="同意")
    signature = text(36, load_default="", example="", says="The id of one's own upload.")
    to = text(40, load_default="", example="")
    straight = fields.Boolean(load_default=False)
    persons = several(ident(), 20, load_default=list, example=[], says="Ids of members who are to sign.")
    after = fields.Boolean(load_default=False, metadata={"description": "With approve: they sign after me."})
    token = whole(0, 10**8, 0, load_default=0, says="With remove_signer: whose turn is taken away.")


@room.operation("GET", "/tasks", "tickets.see", query=TaskQuery, answer=page_of(TaskInList))
def list_tasks(asked: dict[str, Any]) -> Any:
    """Tasks with their tickets, the oldest first."""
    wanted = reading.tasks(g.who, asked["part"], asked["q"], asked["workflow"])
    return page(wanted, Task.id, asked, _in_list, newest_first=False)


@room.operation("GET", "/tasks/<task_id>", "tickets.see", answer=TaskOut)
def get_task(task_id: str) -> Any:
    """A task of a ticket that the caller may see, with its form where it is addressed to him."""
    return _told(task_id)


@room.operation("POST", "/tasks/<task_id>/claim", "tickets.work", body=AtRevision, answer=TaskOut)
def claim_task(asked: dict[str, Any], task_id: str) -> Any:
    """Take a task from the queue. Of many who try at once one wins; the others are told who. A service claims nothing."""
    if not g.who.member_id:
        raise ApiError(409, "api.person_needed")
    tasks.claim(actor(), task_id, asked["revision"])
    return _told(task_id)


@room.operation("POST", "/tasks/<task_id>/release", "tickets.work", body=AtRevision, answer=TaskOut)
def release_task(asked: dict[str, Any], task_id: str) -> Any:
    """Give a claimed task back to the queue."""
    tasks.release(actor(), task_id, asked["revision"])
    return _told(task_id)


@room.operation("POST", "/tasks/<task_id>/submit", "tickets.work", body=Submission, answer=Filed)
def submit_task(asked: dict[str, Any], task_id: str) -> Any:
    """Do a task. A field that the step does not let one write is refused."""
    done = tasks.submit(actor(), task_id, asked["revision"], strictly(asked["values"]), chosen_of(asked["chosen"]))
    if isinstance(done, Refused):
        raise refused(done)
    return {"ticket_id": done.ticket_id, "number": done.number}


@room.operation("POST", "/tasks/<task_id>/act", "tickets.work", body=Act, answer=Filed)
def act_on_task(asked: dict[str, Any], task_id: str) -> Any:
    """Approve, refuse, send back, hand over, ask for an opinion, add or remove signers, as the step allows."""
    raw, verb, revision = strictly(asked.pop("values")), asked.pop("verb"), asked.pop("revision")
    said = {**asked, "add": asked["persons"]} if asked.pop("after") else asked
    done = tasks.act(actor(), task_id, revision, verb, raw, said)
    if isinstance(done, Refused):
        raise refused(done)
    return {"ticket_id": done.ticket_id, "number": done.number}


@room.when(NotFound)
def not_found(error: NotFound) -> Any:
    return missing()


@room.when(StaleTask)
def stale(error: StaleTask) -> Any:
    return answer(ApiError(409, error.reason.code, "/revision", **error.reason.params))


def _told(task_id: str) -> dict[str, Any]:
    task = db.session.scalar(select(Task).where(Task.id == task_id)) or abort(404)
    ticket = reading.ticket(g.who, task.ticket_id) or abort(404)
    definition = definitions.compiled(g.who.tenant_id, ticket.workflow_id, ticket.version)
    return task_told(g.who, definition, ticket, task, mine=reading.addressed(g.who, task))


def _in_list(task: Task, ticket: Ticket) -> dict[str, Any]:
    return {**{name: getattr(task, name) for name in TASK}, "ticket": ticket}
