"""A partner queries a line of his statement: a ticket about it, by the workflow that the settlement names for that."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Select, and_, func, select

from dougong.platform.store import db
from dougong.runtime.reason import Refused

from . import definitions, filing, verbs
from .clocks import asks_customer
from .tables import LedgerLine, StatementRow, Task, Ticket
from .verbs import Actor

LONGEST = 2000
UNDER_WAY = ("running", "failed")
LINE = "line:"  # before the id of what a query is about
LAST = f"{LINE}zz"  # behind all of them, also where a collation passes over the colon
ANSWER = "answer_text"  # the field of the form in which the partner is answered


def workflow(statement: StatementRow) -> str:
    """The key of the workflow for queries of this statement's lines; empty where there is none."""
    return str((document_of(statement) or {}).get("query", ""))


def ask(actor: Actor, statement: StatementRow, line: LedgerLine, question: str) -> verbs.Done | verbs.Refused:
    """The ticket. Raises Refused without a question, or where one about this line runs; LookupError without a workflow."""
    document = definitions.workflow(workflow(statement))
    if document is None:
        raise LookupError(statement.settlement_key)
    if not question.strip():
        raise Refused("query.no_question", "/question")
    if about([line.id], running=True):
        raise Refused("query.asked_already", "/question")
    doc = document_of(statement) or {}
    own, worth = line.inputs.get(doc.get("line_id", "")), {"line_amount": line.amount} if "line" in doc else {}
    facts = {
        "statement_number": statement.number, "partner_name": statement.partner_title, "month": statement.period,
        "line_number": str(own or line.source)[:200], "line_date": line.date, **worth,
        "currency": line.currency, "question": question.strip()[:LONGEST],
    }  # fmt: skip
    return filing.file(actor, document, {}, subject=f"{LINE}{line.id}", forced=facts)


def answer(query: Ticket) -> str:
    """What the partner is told, once it is done."""
    return str(query.data.get(ANSWER) or "") if query.state == "done" else ""


def about(lines: Iterable[str], *, running: bool = False) -> dict[str, Ticket]:
    """The latest query of each of these lines."""
    wanted = select(Ticket).where(Ticket.subject.in_([f"{LINE}{one}" for one in lines])).order_by(Ticket.id)
    wanted = wanted.where(Ticket.state.in_(UNDER_WAY)) if running else wanted
    return {str(one.subject).removeprefix(LINE): one for one in db.session.scalars(wanted)}


def unanswered(statements: Iterable[str]) -> dict[str, list[Ticket]]:
    """By statement: the queries of its lines that are under way, those that were asked first in front."""
    about_it = and_(LedgerLine.tenant_id == Ticket.tenant_id, LedgerLine.id == func.substr(Ticket.subject, len(LINE) + 1))
    asked = Ticket.subject.between(LINE, LAST)  # by the index: few, whatever there is of lines, or of tickets under way
    wanted = select(LedgerLine.statement_id, Ticket).select_from(Ticket).join(LedgerLine, about_it).where(asked)
    found: dict[str, list[Ticket]] = defaultdict(list)
    rows = db.session.execute(wanted.where(LedgerLine.statement_id.in_(statements))).all()
    for statement, query in sorted(rows, key=lambda one: one.Ticket.id):
        if query.state in UNDER_WAY:
            found[str(statement)].append(query)
    return found


def unanswered_about(ticket: Ticket) -> list[Ticket]:
    """Of the statement that the ticket has sent."""
    row = statement_of(ticket)
    return unanswered([row.id]).get(row.id, []) if row else []


def statement_about(ticket: Ticket) -> str | None:
    """The id of the statement that the ticket is about, or a line of which it queries."""
    kind, _, subject_id = (ticket.subject or "").partition(":")
    if f"{kind}:" != LINE:
        return subject_id if kind == "statement" else None
    return db.session.scalar(select(LedgerLine.statement_id).where(LedgerLine.id == subject_id))


def line_about(ticket: Ticket) -> tuple[str, str] | None:
    """The settlement and the number by which the line is found that the ticket queries."""
    kind, _, line_id = (ticket.subject or "").partition(":")
    line = db.session.get(LedgerLine, (ticket.tenant_id, line_id)) if f"{kind}:" == LINE else None
    found = definitions.settlement(line.tenant_id, line.settlement_key, line.version) if line else None
    number = line.inputs.get(found[1].get("line_id", "")) if line and found else None
    return (line.settlement_key, str(number)) if line and number else None


def document_of(statement: StatementRow) -> dict[str, Any] | None:
    """The settlement as it was drawn when the statement was made by it."""
    found = definitions.settlement(statement.tenant_id, statement.settlement_key, statement.version)
    return found[1] if found else None


def lines(statement: StatementRow) -> Select[Any]:
    """All of a statement: whoever has its link may see them."""
    return select(LedgerLine).where(LedgerLine.statement_id == statement.id).order_by(LedgerLine.date, LedgerLine.id)


def line_of(statement: StatementRow, line_id: str) -> LedgerLine | None:
    found: LedgerLine | None = db.session.scalar(
        select(LedgerLine).where(LedgerLine.id == line_id, LedgerLine.statement_id == statement.id)
    )
    return found


def shown_to_partner(ticket: Ticket) -> StatementRow | None:
    row = statement_of(ticket)
    return None if row is None or waits_for_us(ticket) else row


def statement_of(ticket: Ticket) -> StatementRow | None:
    """What the ticket has sent to the partner, if it is about a statement: not what is being drawn up again since."""
    kind, _, statement_id = (ticket.subject or "").partition(":")
    if kind != "statement":
        return None
    sent = (StatementRow.ticket_id == ticket.id, StatementRow.state != "draft")
    found: StatementRow | None = db.session.scalar(select(StatementRow).where(StatementRow.id == statement_id, *sent))
    return found


def waits_for_us(ticket: Ticket) -> bool:
    """The partner will be asked at a step to come: until then he sees nothing of it, whoever has given him the link."""
    definition = definitions.compiled(ticket.tenant_id, ticket.workflow_id, ticket.version)
    if ticket.result == "approved" or not any(asks_customer(node) for node in definition.nodes):
        return False
    asked = select(Task.id).where(Task.ticket_id == ticket.id, Task.customer).limit(1)
    return db.session.scalar(asked) is None
