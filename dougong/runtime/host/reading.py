"""What a person may see of tickets, tasks, records and statements, and the lists that show it. The one place where rows are
narrowed, by the scope that `platform/scopes.py` answers.

A ticket is seen by whoever takes or took part in it (`Involved`) and, by his scope, in the units of the tickets; a record by
who made it and in its unit; a statement or line of a settlement by who sees its partner. Lists, counts, search, board, pages,
files, API and export all ask here.
"""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, exists, func, or_, select, true, union_all

from dougong.platform import scopes, search
from dougong.platform.access import Who
from dougong.platform.files import File
from dougong.platform.paging import Page, count, paged, paged_by_id
from dougong.platform.people import Member
from dougong.platform.scopes import Sight
from dougong.platform.store import db
from dougong.runtime.definition import Definition

from . import incidents
from .tables import Candidate, Clock, History, Involved, LedgerLine, Notice, Record, StatementRow, Task, Ticket, TokenRow
from .verbs import Actor

MANY = 100  # figures beside a tab are not counted further

Standing = dict[str, Row[tuple[Task, int, str | None]]]


def visible(who: Who, ticket_id: str | None = None) -> ColumnElement[bool]:
    """The condition on Ticket under which this person may see it. `ticket_id`: the one that is asked for, where it is one."""
    sight = scopes.sight(who, "tickets")
    if sight.all:
        return Ticket.id.is_not(None)
    part = _takes_part(who, *([Involved.ticket_id == ticket_id] if ticket_id else []))
    return or_(part, Ticket.unit_id.in_(sight.units)) if sight.units else part


def _takes_part(who: Who, *how: ColumnElement[bool]) -> ColumnElement[bool]:
    """Looked up from the few tickets somebody has a part in, not from the many that there are."""
    return Ticket.id.in_(select(Involved.ticket_id).where(Involved.principal.in_(who.principals), *how))


def took_part(principal: str, ticket_id: str) -> bool:
    """He has filed it, or done a step of it."""
    mine = (Involved.principal == principal, Involved.part.in_(("initiator", "handler")))
    return db.session.scalar(select(Involved.part).where(Involved.ticket_id == ticket_id, *mine).limit(1)) is not None


def visible_records(sight: Sight) -> ColumnElement[bool]:
    """The condition on Record under which it may be seen. One of nobody and no unit is seen by who sees all."""
    return sight.condition(Record.created_by, Record.unit_id)


def visible_partners(table: type[StatementRow] | type[LedgerLine], sight: Sight) -> ColumnElement[bool]:
    """The condition on a table of the settlement: its partner is a record that may be seen, or one of the units."""
    if sight.all:
        return true()
    partner = exists().where(Record.tenant_id == table.tenant_id, Record.id == table.partner_id, visible_records(sight))
    return or_(partner, table.partner_id.in_(sight.units))


def sight_of_records(who: Who) -> Sight:
    return scopes.sight(who, "records")


def records(who: Who) -> Select[Any]:
    return select(Record).where(visible_records(sight_of_records(who)))


def record(who: Who, record_id: str) -> Record | None:
    return record_within(sight_of_records(who), record_id)


def record_within(sight: Sight, record_id: str) -> Record | None:
    return db.session.scalar(select(Record).where(Record.id == record_id, visible_records(sight)))


def statements(who: Who) -> Select[Any]:
    return select(StatementRow).where(visible_partners(StatementRow, sight_of_records(who)))


def lines(who: Who) -> Select[Any]:
    """Of the ledger."""
    return select(LedgerLine).where(visible_partners(LedgerLine, sight_of_records(who)))


def settled_by(who: Who, ticket_id: str) -> list[LedgerLine]:
    """What a ticket has settled, as it was counted, for who may see it."""
    if not who.may("settle.see"):
        return []
    return list(db.session.scalars(lines(who).where(LedgerLine.ticket_id == ticket_id).order_by(LedgerLine.id)))


def statement(who: Who, statement_id: str) -> StatementRow | None:
    found: StatementRow | None = db.session.scalar(statements(who).where(StatementRow.id == statement_id))
    return found


def ticket(who: Who, ticket_id: str) -> Ticket | None:
    return db.session.scalar(select(Ticket).where(Ticket.id == ticket_id, visible(who, ticket_id)))


def file(who: Who, file_id: str) -> File | None:
    """A file, where this person may see what it belongs to."""
    found = db.session.scalar(select(File).where(File.id == file_id))
    kind, _, owner_id = found.owner.partition(":") if found else ("", "", "")
    allowed = {
        "upload": owner_id == who.principal,
        "ticket": kind == "ticket" and ticket(who, owner_id) is not None,
        "record": kind == "record" and who.may("records.see") and record(who, owner_id) is not None,
    }
    return found if allowed.get(kind) else None


def tickets(who: Who, *, page: int = 1, part: str = "", sort: str = "new", **filters: str) -> Page:
    """`filters`: of `filtered`. `part` narrows to 我发起的 (initiator) and 抄送我的 (copy). What is looked up from the part
    that he has in it is found first and sorted then (`offset`: PostgreSQL would rather walk the newest of the company until it
    has met twenty of his), by no more of each than it is sorted by."""
    wanted, changed = filtered(who, part=part, **filters), sort == "changed"
    sight = scopes.sight(who, "tickets")
    apart = bool(part) or not (sight.all or sight.units)
    columns = (Ticket.id, Ticket.updated_at) if changed else (Ticket.id,)
    one: Any = wanted.with_only_columns(*columns).offset(0).subquery().c if apart else Ticket
    order = one.updated_at.desc() if changed else one.id if sort == "old" else one.id.desc()
    return paged_by_id(select(one.id).order_by(order, one.id), Ticket, page) if apart else paged(wanted.order_by(order), page)


def filtered(
    who: Who, *, text: str = "", workflow: str = "", state: str = "", part: str = "", incident: str = ""
) -> Select[Any]:
    """The visible tickets that pass the filters of a list. `incident`: an address of one (`incidents`)."""
    wanted = select(Ticket).where(_takes_part(who, Involved.part == part) if part else visible(who))
    if text := text.strip():
        wanted = wanted.where(*search.narrowed(db.session(), "ticket", Ticket.id, Ticket.words, text))
    if workflow:
        wanted = wanted.where(Ticket.workflow_key == workflow)
    if found := incidents.of_address(incident):
        wanted = wanted.where(incidents.hangs_with(found))
    return wanted.where(Ticket.state == state) if state else wanted


def todo(who: Who, *, text: str = "", workflow: str = "", page: int = 1) -> Page:
    """我的待办: open tasks that are this person's, alone or with who stands in. Rows: (task, ticket)."""
    return paged(tasks(who, "todo", text, workflow).order_by(Task.opened_at), page)


def queue(who: Who, *, text: str = "", workflow: str = "", page: int = 1) -> Page:
    """待认领: open tasks addressed to this person's roles and units that nobody has claimed."""
    return paged(tasks(who, "queue", text, workflow).order_by(Task.opened_at), page)


def done(who: Who, *, text: str = "", workflow: str = "", page: int = 1) -> Page:
    """已办: tasks this person has done, the latest first."""
    return paged(tasks(who, "done", text, workflow).order_by(Task.done_at.desc()), page)


def tasks(who: Who, part: str, text: str = "", workflow: str = "") -> Select[Any]:
    """The tasks of a part of the inbox: todo, queue or done. Rows: (task, ticket)."""
    mine = {
        "todo": his_todo(who),
        "queue": _queue(who),
        "done": and_(Task.state == "done", Task.done_by == who.principal),
    }
    return _narrowed(_joined().where(mine[part]), text, workflow)


def under_way(tickets: Sequence[Ticket]) -> Standing:
    return standing([one.id for one in tickets if one.state == "running"])


def standing(running: Sequence[str | None]) -> Standing:
    """Where these tickets stand: by id the oldest of the open tasks, how many are open, and the name of who has taken it."""
    open_ones = select(func.min(Task.id).label("id"), func.count().label("open")).group_by(Task.ticket_id)
    oldest = open_ones.where(Task.state == "open", Task.ticket_id.in_(running)).subquery()
    taken_by = and_(Member.tenant_id == Task.tenant_id, Member.id == Task.assignee_id)
    wanted = select(Task, oldest.c.open, Member.name).join(oldest, oldest.c.id == Task.id).outerjoin(Member, taken_by)
    return {row.Task.ticket_id: row for row in db.session.execute(wanted)} if running else {}


def counts(who: Who) -> dict[str, int]:
    """The figures on the tabs of the inbox."""

    copies = select(Involved.ticket_id).where(Involved.part == "copy", Involved.seen_at.is_(None))
    return {
        "todo": count_of_todo(who),
        "queue": count(select(Task.id).where(_queue(who)), MANY),
        "copies": count(copies.where(Involved.principal.in_(who.principals)), MANY),
    }


def count_of_todo(who: Who) -> int:
    return count(select(Task.id).where(his_todo(who)), MANY)


def unread(who: Who) -> int:
    return count(select(Notice.id).where(Notice.member_id == who.member_id, Notice.read_at.is_(None)), MANY)


def notices(who: Who, page: int = 1) -> Page:
    return paged(select(Notice).where(Notice.member_id == who.member_id).order_by(Notice.id.desc()), page)


def open_tasks(ticket_id: str) -> list[Task]:
    return list(db.session.scalars(select(Task).where(Task.ticket_id == ticket_id, Task.state == "open").order_by(Task.id)))


def addressed(who: Who, task: Task) -> bool:
    """May this person do (or claim) the task?"""
    wanted = select(Candidate.principal).where(Candidate.task_id == task.id)
    return not who.principals.isdisjoint(db.session.scalars(wanted))


def clock(definition: Definition, ticket_id: str) -> Clock | None:
    """The clock of a ticket, where its workflow has a target."""
    if not definition.doc.get("clock"):
        return None
    found: Clock | None = db.session.scalar(select(Clock).where(Clock.ticket_id == ticket_id))
    return found


def principals_of_tasks(task_ids: list[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {task_id: [] for task_id in task_ids}
    for task_id, principal in db.session.execute(
        select(Candidate.task_id, Candidate.principal).where(Candidate.task_id.in_(task_ids))
    ):
        found[task_id].append(principal)
    return found


def history(ticket_id: str) -> list[History]:
    return list(db.session.scalars(select(History).where(History.ticket_id == ticket_id).order_by(History.step)))


def tokens(ticket_id: str) -> list[TokenRow]:
    return list(db.session.scalars(select(TokenRow).where(TokenRow.ticket_id == ticket_id).order_by(TokenRow.number)))


def his_todo(who: Who | Actor) -> ColumnElement[bool]:
    """He has it alone, or it is addressed to him by name and to whoever stands in for him, or he for another, as well."""
    his = select(Task.id).where(Task.state == "open", Task.assignee_id == who.member_id)
    free = or_(Task.assignee_id.is_(None), Task.assignee_id == who.member_id)
    return and_(Task.state == "open", free, Task.id.in_(union_all(his, _addressed({who.principal}))))


def _queue(who: Who) -> ColumnElement[bool]:
    free = and_(Task.state == "open", Task.assignee_id.is_(None))
    roles = _addressed(who.principals - {who.principal})
    return and_(free, Task.id.in_(roles), Task.id.not_in(_addressed({who.principal})))


def _addressed(principals: Collection[str]) -> Select[str]:
    """Looked up from the few tasks that are addressed to somebody, not from the many that are open."""
    return select(Candidate.task_id).where(Candidate.principal.in_(principals))


def _joined() -> Any:
    return select(Task, Ticket).join(Ticket, and_(Ticket.tenant_id == Task.tenant_id, Ticket.id == Task.ticket_id))


def _narrowed(wanted: Select[Any], text: str, workflow: str) -> Select[Any]:
    if text := text.strip():
        wanted = wanted.where(says(text))
    return wanted.where(Ticket.workflow_key == workflow) if workflow else wanted


def says(text: str) -> ColumnElement[bool]:
    """The number, the title in either language, who filed it and its open summary contain it."""
    return search.saying(Ticket.words, text)
